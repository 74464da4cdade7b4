package dev.rung.server.api;

import dev.rung.payments.flow.Payments;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.port.PaymentChannel.Acknowledgement;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import dev.rung.server.http.Answer;
import dev.rung.server.http.Call;
import dev.rung.server.http.Problem;

/** Where channels call back: no key is asked for, the channel's signature is what counts. */
final class CallbackResource {
    private final Payments payments;

    CallbackResource(Parts parts) {
        this.payments = parts.payments();
    }

    /** {@code POST /callbacks/{channel}}: answered as the channel wants it, after what follows is committed. */
    Answer receive(Call call) {
        String channel = call.variable("channel");
        if (!payments.channels().contains(channel)) {
            return Answer.problem(unknown());
        }
        CallbackRequest request =
                new CallbackRequest(call.headers(), call.queryString(), call.bytes(StoredCallback.BODY_BYTES_MAX));
        return payments.callback(channel, request)
                .map(CallbackResource::answer)
                .orElseThrow(() -> unknown().asException());
    }

    private static Problem unknown() {
        return Problem.notFound("There is no such channel.");
    }

    private static Answer answer(Acknowledgement acknowledgement) {
        String type = acknowledgement.contentType();
        return Answer.text(acknowledgement.status(), type == null ? "" : type, acknowledgement.body());
    }
}
