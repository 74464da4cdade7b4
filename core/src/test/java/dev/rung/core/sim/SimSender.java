package dev.rung.core.sim;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sender;
import dev.rung.core.port.Sender.Request;
import dev.rung.core.sim.MerchantBehavior.Reply;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The merchants and the network to them. */
final class SimSender {
    private final Simulation world;
    private final Map<MerchantId, MerchantBehavior> tempers = new HashMap<>();
    private final Map<NotificationId, Integer> requests = new HashMap<>();

    SimSender(Simulation world) {
        this.world = world;
    }

    void behavior(MerchantId merchant, MerchantBehavior behavior) {
        tempers.put(merchant, behavior);
    }

    /** Makes every merchant healthy. */
    void stopFaults() {
        tempers.replaceAll((merchant, behavior) -> MerchantBehavior.PROMPT);
    }

    /** The sender of one process. */
    Sender of(SimServer server) {
        return new Sender() {
            @Override
            public CompletionStage<Result> send(Request request) {
                server.step();
                return SimSender.this.send(server, request);
            }

            @Override
            public void close() {}
        };
    }

    /** Wraps another sender of this process, so that its requests are checked too. */
    Sender observed(ServerRun run, Sender sender) {
        return new Sender() {
            @Override
            public CompletionStage<Result> send(Request request) {
                world.checker.sending(run, request, true);
                return sender.send(request).thenApply(result -> {
                    world.checker.sent(run, request, result.outcome());
                    return result;
                });
            }

            @Override
            public void close() {
                sender.close();
            }
        };
    }

    private CompletionStage<Sender.Result> send(SimServer server, Sender.Request request) {
        ServerRun run = server.run();
        int before = requests.merge(request.id(), 1, Integer::sum) - 1;
        MerchantBehavior behavior = tempers.getOrDefault(request.to().merchant(), MerchantBehavior.PROMPT);
        Reply reply = behavior.reply(world.loop, world.hour(), before);
        world.checker.sending(run, request, reply.reached());
        if (world.loop.chance(world.rates.cut)) {
            int first = world.loop.upTo(8_000);
            world.loop.after(first, server::cutConnection);
            // And once more, while the redelivered wake waits for its time.
            world.loop.after(first + world.loop.upTo(8_000), server::cutConnection);
        }
        if (world.loop.chance(world.rates.crash)) {
            world.loop.after(world.loop.upTo(6_000), server::kill);
        }
        CompletableFuture<Sender.Result> result = new CompletableFuture<>();
        world.loop.after(reply.millis(), run.task(() -> {
            world.checker.sent(run, request, reply.outcome());
            result.complete(result(reply));
        }));
        return result;
    }

    private static Sender.Result result(Reply reply) {
        Attempt.Answer answer = switch (reply.outcome()) {
            case ACKNOWLEDGED -> new Attempt.Answer(200, "", new byte[] {'o', 'k'});
            case DECLINED -> new Attempt.Answer(500, "", new byte[0]);
            case THROTTLED -> new Attempt.Answer(429, "", new byte[0]);
            case TIMED_OUT, UNREACHABLE, REFUSED -> null;
        };
        String error = reply.outcome() == Outcome.ACKNOWLEDGED ? null : "it went wrong";
        return new Sender.Result(reply.outcome(), answer, error, reply.retryAfter());
    }
}
