package dev.rung.server.console;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationState;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.StoredCallback;
import dev.rung.server.api.Parts;
import dev.rung.server.http.Problem;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One order: its payment and its notifications together, so that one look answers why a merchant did not hear of it. */
final class OrderPage {
    private static final int CALLBACKS_MAX = 500;

    private final Parts parts;
    private final MerchantNames names;
    private final Changes changes;

    OrderPage(Parts parts, MerchantNames names, Changes changes) {
        this.parts = parts;
        this.names = names;
        this.changes = changes;
    }

    /**
     * What there is to say at the top.
     *
     * @param key of words
     * @param values to be filled in
     */
    public record Verdict(String key, List<Object> values, String mood) {}

    /** {@code GET /orders/{merchant}/{order}} */
    Reply show(Visit visit) {
        return Reply.html("order", model(visit));
    }

    /** {@code GET /orders/{merchant}/{order}/live}: what can change, if it is not as it was seen. */
    Reply live(Visit visit) {
        Map<String, Object> model = model(visit);
        if (Objects.equals(model.get("seen"), visit.query().shown("seen"))) {
            return new Reply.Unchanged(Objects.equals(model.get("live"), false));
        }
        return Reply.html("order :: live", model);
    }

    private Map<String, Object> model(Visit visit) {
        MerchantId merchant = merchant(visit.variable("merchant"));
        String orderNo = visit.variable("order");
        Story story = merchant == null ? null : Story.of(parts, merchant, orderNo);
        if (merchant == null || story == null || story.isEmpty()) {
            throw unknown(visit).asException();
        }
        Map<String, Object> model = new HashMap<>();
        model.put("orderNo", orderNo);
        model.put("merchantId", merchant.toString());
        model.put("merchant", names.name(merchant));
        model.put("story", story);
        Payment payment = story.payment();
        model.put("hasPayment", payment != null);
        model.put("over", payment == null || payment.state().isFinal());
        model.put("verdict", verdict(story));
        model.put("address", "/orders/" + merchant + "/" + Changes.step(orderNo));
        model.put("live", story.isLive());
        model.put("seen", Integer.toHexString(Objects.hash(payment, story.notifications(), story.lines())));
        return model;
    }

    private static @Nullable MerchantId merchant(String text) {
        try {
            MerchantId id = MerchantId.parse(text);
            return id.isReserved() ? null : id;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Why the merchant has heard or not, in one sentence. */
    private static Verdict verdict(Story story) {
        if (story.notifications().isEmpty()) {
            return new Verdict("order.verdict.not_over", List.of(), "");
        }
        var newest = story.notifications().getFirst();
        String key = newest.state() == NotificationState.WAITING && newest.attemptsMade() == 0
                ? "verdict.new"
                : "verdict." + newest.state().text();
        String mood = switch (newest.state()) {
            case DELIVERED -> "good";
            case EXHAUSTED, CANCELLED -> "bad";
            case WAITING -> "warn";
        };
        return new Verdict(key, List.of(newest.attemptsMade()), mood);
    }

    /** {@code GET /payments/{id}}: the page of its order. */
    Reply payment(Visit visit) {
        Payment payment = find(visit);
        return new Reply.Redirect("/orders/" + payment.order().merchantId() + "/"
                + Changes.step(payment.order().outTradeNo()));
    }

    /** {@code GET /payments/{id}/callbacks/{callback}}: what the channel sent, as it came. */
    Reply callback(Visit visit) {
        StoredCallback found = parts.paymentStore().callbacks(find(visit).id(), CALLBACKS_MAX).stream()
                .filter(c -> Long.toString(c.id()).equals(visit.variable("callback")))
                .findFirst()
                .orElseThrow(() -> unknown(visit).asException());
        String text = found.headers() + "\n\n" + new String(found.body(), StandardCharsets.UTF_8);
        return Reply.html("order :: bytes", Map.of("text", text));
    }

    /** {@code POST /payments/{id}/sync} and {@code /close} */
    Reply act(Visit visit) {
        Payment payment = find(visit);
        String back = "/orders/" + payment.order().merchantId() + "/"
                + Changes.step(payment.order().outTradeNo());
        String path = "/v1/payments/" + payment.id();
        return switch (visit.variable("act")) {
            case "sync" -> changes.post(visit, path + "/sync", back + "?done=synced");
            case "close" -> changes.post(visit, path + "/close", back + "?done=closing");
            default -> throw unknown(visit).asException();
        };
    }

    private Payment find(Visit visit) {
        try {
            return parts.paymentStore()
                    .find(PaymentId.parse(visit.variable("id")))
                    .orElseThrow(() -> unknown(visit).asException());
        } catch (IllegalArgumentException e) {
            throw unknown(visit).asException();
        }
    }

    private Problem unknown(Visit visit) {
        return Problem.notFound(changes.say(visit, "problem.no_order"));
    }
}
