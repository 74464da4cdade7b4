package dev.rung.server.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.AbstractEndpoint;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;

/** Tomcat's HTTP/1.1 with its connections in a {@link ConnectionTable}. Made by Tomcat, by the class's name. */
public final class BoundedHttpProtocol extends Http11NioProtocol {
    private final Endpoint endpoint;

    public BoundedHttpProtocol() {
        this(new Endpoint());
    }

    private BoundedHttpProtocol(Endpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        endpoint.setHandler(new TrackingHandler(getHandler(), endpoint));
        setMaxConnections(-1); // the table limits them
    }

    /** Sets the table; before the start. */
    public void setTable(ConnectionTable table) {
        endpoint.table = table;
    }

    private static final class Endpoint extends NioEndpoint {
        private ConnectionTable table = new ConnectionTable(ConnectionLimits.ofProcess(a -> false), System::nanoTime);

        @Override
        protected boolean setSocketOptions(SocketChannel channel) {
            if (!add(channel)) {
                destroySocket(channel); // the acceptor closes only what has a wrapper
                return false;
            }
            if (super.setSocketOptions(channel)) {
                return true;
            }
            table.remove(channel);
            return false;
        }

        private boolean add(SocketChannel channel) {
            try {
                return channel.getRemoteAddress() instanceof InetSocketAddress remote
                        && table.add(channel, remote.getAddress());
            } catch (IOException e) {
                return false; // the client has disconnected
            }
        }
    }

    /** Notes what each connection does. */
    private record TrackingHandler(AbstractEndpoint.Handler<NioChannel> handler, Endpoint endpoint)
            implements AbstractEndpoint.Handler<NioChannel> {

        @Override
        public SocketState process(SocketWrapperBase<NioChannel> socket, SocketEvent event) {
            SocketChannel channel = socket.getSocket().getIOChannel();
            ClientConnection connection = channel == null ? null : endpoint.table.get(channel);
            if (connection == null) {
                return handler.process(socket, event);
            }
            int turn = connection.beginTurn(endpoint.table.now());
            SocketState state =
                    ScopedValue.where(ClientConnection.CURRENT, connection).call(() -> handler.process(socket, event));
            if (state == SocketState.OPEN) {
                connection.endTurn(turn, endpoint.table.now());
            } else if (state == SocketState.LONG) {
                connection.endIncompleteTurn(turn, endpoint.table.now());
            }
            return state;
        }

        @Override
        public Object getGlobal() {
            return handler.getGlobal();
        }

        @Override
        public void release(SocketWrapperBase<NioChannel> socket) {
            SocketChannel channel = socket.getSocket().getIOChannel();
            if (channel != null) {
                endpoint.table.remove(channel);
            }
            handler.release(socket);
        }

        @Override
        public void pause() {
            handler.pause();
        }

        @Override
        public void recycle() {
            handler.recycle();
        }
    }
}
