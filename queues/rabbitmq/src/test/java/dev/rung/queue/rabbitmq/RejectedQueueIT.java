package dev.rung.queue.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import dev.rung.core.model.RejectedId;
import dev.rung.core.port.RejectedSubmissions.Next;
import dev.rung.core.port.RejectedSubmissions.Rejected;
import dev.rung.core.port.RejectedSubmissions.UnavailableException;
import dev.rung.core.port.SubmissionSource.Verdict;
import dev.rung.testing.RabbitServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RejectedQueueIT {
    private final String uri = RabbitServer.shared().freshUri();
    private final RejectedQueue queue = new RejectedQueue(RabbitSettings.of(uri));

    /** Has intake reject these bodies. */
    private void reject(String... bodies) {
        RabbitSettings settings = RabbitSettings.of(uri);
        try (RabbitIntake intake = RabbitIntake.open(
                settings,
                submission -> CompletableFuture.completedFuture(
                        new Verdict.Invalid("wrong: " + new String(submission.body(), StandardCharsets.UTF_8))))) {
            intake.start();
            await().until(intake::isConnected);
            RabbitServer.ask(uri, channel -> {
                channel.confirmSelect();
                for (String body : bodies) {
                    AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                            .messageId("id-" + body)
                            .contentEncoding("identity")
                            .build();
                    channel.basicPublish(
                            RabbitTopology.INTAKE, "mch_1", properties, body.getBytes(StandardCharsets.UTF_8));
                }
                return channel.waitForConfirms();
            });
            await().until(() -> intake.counts().rejected() == bodies.length);
        }
    }

    private List<Rejected> all() {
        List<Rejected> all = new ArrayList<>();
        queue.visit(each -> {
            all.add(each);
            return Next.CONTINUE;
        });
        return all;
    }

    @Test
    void aVisitShowsReasonKeyAndBodyAndKeepsIdsAndSubmissions() {
        long before = System.currentTimeMillis();
        reject("a", "b", "c");
        assertThat(queue.count()).hasValue(3L);

        List<Rejected> first = all();

        assertThat(first).hasSize(3).allSatisfy(each -> {
            String body = new String(each.submission().body(), StandardCharsets.UTF_8);
            assertThat(each.reason()).isEqualTo("wrong: " + body);
            assertThat(each.submission().routingKey()).isEqualTo("mch_1");
            assertThat(each.submission().messageId()).isEqualTo("id-" + body);
            assertThat(each.submission().contentEncoding()).isEqualTo("identity");
            assertThat(each.rejectedAtMillis()).isBetween(before, System.currentTimeMillis());
        });
        for (int i = 0; i < 30; i++) { // more often than any delivery limit by default
            assertThat(all()).extracting(Rejected::id).containsExactlyInAnyOrderElementsOf(ids(first));
        }
    }

    private static List<RejectedId> ids(List<Rejected> rejected) {
        return rejected.stream().map(Rejected::id).toList();
    }

    @Test
    void onlyTheRemovedOneIsGone() {
        reject("a", "b", "c");
        RejectedId gone = all().get(1).id();

        queue.visit(each -> each.id().equals(gone) ? Next.REMOVE : Next.CONTINUE);

        assertThat(ids(all())).hasSize(2).doesNotContain(gone);
        queue.visit(each -> Next.STOP);
        assertThat(all()).hasSize(2);
    }

    @Test
    void aFailingVisitorRemovesNothing() {
        reject("a");
        assertThatThrownBy(() -> queue.visit(each -> {
                    throw new IllegalStateException("planted");
                }))
                .hasMessage("planted");
        assertThat(all()).hasSize(1);
    }

    /** Two servers read at once: one waits for the other, and neither sees a part. */
    @Test
    void visitsOfTwoServersTakeTurns() {
        reject("a", "b", "c", "d");
        RejectedQueue other = new RejectedQueue(RabbitSettings.of(uri));
        List<CompletableFuture<Integer>> sizes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            RejectedQueue one = i % 2 == 0 ? queue : other;
            sizes.add(CompletableFuture.supplyAsync(() -> {
                List<Rejected> seen = new ArrayList<>();
                one.visit(each -> {
                    seen.add(each);
                    return Next.CONTINUE;
                });
                return seen.size();
            }));
        }
        assertThat(sizes).allSatisfy(size -> assertThat(size.join()).isEqualTo(4));
    }

    @Test
    void whatWasPublishedToTheQueueDirectlyIsShownToo() {
        reject("a");
        RabbitServer.ask(uri, channel -> {
            channel.confirmSelect();
            channel.basicPublish("", RabbitTopology.REJECTED, null, "x".getBytes(StandardCharsets.UTF_8));
            return channel.waitForConfirms();
        });
        assertThat(all()).hasSize(2).anySatisfy(each -> {
            assertThat(each.reason()).contains("published to this queue directly");
            assertThat(each.rejectedAtMillis()).isNull();
        });
    }

    @Test
    void aQueueThatIsNotDeclaredYetIsEmpty() {
        assertThat(all()).isEmpty();
        assertThat(queue.count()).hasValue(0L);
    }

    @Test
    void aBrokerThatIsAwayIsReported() {
        RejectedQueue away = new RejectedQueue(RabbitSettings.of("amqp://127.0.0.1:1"));
        assertThatThrownBy(() -> away.visit(each -> Next.CONTINUE)).isInstanceOf(UnavailableException.class);
        assertThat(away.count()).isEmpty();
    }
}
