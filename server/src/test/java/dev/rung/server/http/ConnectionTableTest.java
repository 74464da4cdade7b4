package dev.rung.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionTableTest {
    private static final InetAddress CLIENT = InetAddress.ofLiteral("203.0.113.7");
    private static final InetAddress OTHER = InetAddress.ofLiteral("203.0.113.8");
    private static final InetAddress PROXY = InetAddress.ofLiteral("10.0.0.1");

    private final List<SocketChannel> ends = new ArrayList<>();
    private final ConnectionTable table = new ConnectionTable(
            new ConnectionLimits(6, 3, PROXY::equals, Duration.ofSeconds(20), 1_000), () -> this.now);
    private long now;
    private ServerSocketChannel listener;

    @BeforeEach
    void listen() throws IOException {
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
        for (SocketChannel each : ends) {
            each.close();
        }
    }

    @Test
    void theSlowestHeadMakesRoomForANewConnection() throws IOException {
        SocketChannel idle = accepted(OTHER);
        table.get(idle).endTurn(table.get(idle).beginTurn(now), now);
        SocketChannel slow = accepted(OTHER);
        pass(Duration.ofSeconds(2));
        List<SocketChannel> more = List.of(accepted(CLIENT), accepted(CLIENT), accepted(CLIENT), accepted(OTHER));
        pass(Duration.ofSeconds(2));

        accepted(PROXY);

        assertThat(isCut(slow)).isTrue();
        assertThat(isCut(idle)).isFalse();
        assertThat(more).noneMatch(ConnectionTableTest::isCut);
        assertThat(table.displaced()).isOne();
    }

    @Test
    void aConnectionThatTheServerWorksForIsKept() throws IOException {
        List<SocketChannel> busy = new ArrayList<>();
        for (InetAddress from : new InetAddress[] {CLIENT, CLIENT, CLIENT, OTHER, OTHER, OTHER}) {
            busy.add(accepted(from));
            table.get(busy.getLast()).beginRequest(now);
        }
        pass(Duration.ofMinutes(10));
        table.closeOverdue();

        assertThat(table.add(pair(), PROXY)).isFalse();
        assertThat(busy).noneMatch(ConnectionTableTest::isCut);
        assertThat(table.refused()).isOne();
    }

    @Test
    void anAddressDisplacesOnlyItsOwnConnections() throws IOException {
        SocketChannel other = accepted(OTHER);
        pass(Duration.ofSeconds(5));
        SocketChannel first = accepted(CLIENT);
        pass(Duration.ofSeconds(5));
        accepted(CLIENT);
        accepted(CLIENT);
        accepted(CLIENT);

        assertThat(isCut(first)).isTrue();
        assertThat(isCut(other)).isFalse();
    }

    @Test
    void aProxyIsLimitedOnlyByTheTotal() throws IOException {
        List<SocketChannel> ofProxy = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ofProxy.add(accepted(PROXY));
            pass(Duration.ofSeconds(1));
        }
        assertThat(ofProxy).noneMatch(ConnectionTableTest::isCut);
        accepted(PROXY);
        assertThat(isCut(ofProxy.getFirst())).isTrue();
    }

    @Test
    void newConnectionsAreNotDisplacedAtOnce() throws IOException {
        accepted(CLIENT);
        accepted(CLIENT);
        accepted(CLIENT);
        assertThat(table.add(pair(), CLIENT)).isFalse();
    }

    @Test
    void anAddressOfIpv6IsANetwork() throws IOException {
        SocketChannel first = accepted(InetAddress.ofLiteral("2001:db8::1"));
        pass(Duration.ofSeconds(1));
        for (int host = 2; host <= 4; host++) {
            accepted(InetAddress.ofLiteral("2001:db8::" + host));
        }
        assertThat(isCut(first)).isTrue();
    }

    @Test
    void aHeadHasADeadlineHoweverOftenBytesArrive() throws IOException {
        SocketChannel slow = accepted(CLIENT);
        for (int i = 0; i < 21; i++) {
            pass(Duration.ofSeconds(1));
            table.get(slow).endIncompleteTurn(table.get(slow).beginTurn(now), now);
        }
        table.closeOverdue();
        assertThat(isCut(slow)).isTrue();
        assertThat(table.overdue()).isOne();
    }

    @Test
    void aBodyAndAResponseHaveMoreTimeForMoreBytes() throws IOException {
        SocketChannel body = accepted(CLIENT);
        SocketChannel response = accepted(CLIENT);
        long began = now;
        table.get(body).awaitBody(began, 5_000);
        table.get(response).awaitReader(began, 5_000);
        pass(Duration.ofSeconds(24));
        table.closeOverdue();
        assertThat(isCut(body) || isCut(response)).isFalse();
        pass(Duration.ofSeconds(2));
        table.closeOverdue();
        assertThat(isCut(body) && isCut(response)).isTrue();
    }

    @Test
    void aClosedConnectionLeavesRoom() throws IOException {
        for (int i = 0; i < 10; i++) {
            SocketChannel channel = accepted(CLIENT);
            table.remove(channel);
        }
        assertThat(table.open()).isZero();
    }

    private SocketChannel accepted(InetAddress from) throws IOException {
        SocketChannel channel = pair();
        assertThat(table.add(channel, from)).isTrue();
        return channel;
    }

    private SocketChannel pair() throws IOException {
        SocketChannel client = SocketChannel.open(listener.getLocalAddress());
        SocketChannel server = listener.accept();
        server.configureBlocking(false);
        ends.add(client);
        ends.add(server);
        return server;
    }

    private static boolean isCut(SocketChannel server) {
        try {
            return server.read(ByteBuffer.allocate(1)) < 0;
        } catch (SocketException e) {
            return true;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
