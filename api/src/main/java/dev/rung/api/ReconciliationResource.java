package dev.rung.api;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Ids;
import dev.rung.payments.flow.Payments;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentStore;
import dev.rung.web.ApiRequest;
import dev.rung.web.ApiResponse;
import dev.rung.web.FieldErrors;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import dev.rung.web.JsonWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stores the differences of a reconciliation as discrepancies, each once. */
final class ReconciliationResource {
    private static final int FINDINGS_MAX = 1_000;

    /** The kinds that a reconciliation can find. */
    private static final Set<DiscrepancyKind> KINDS = EnumSet.of(
            DiscrepancyKind.MISSING_HERE,
            DiscrepancyKind.MISSING_THERE,
            DiscrepancyKind.AMOUNT_MISMATCH,
            DiscrepancyKind.STATE_MISMATCH,
            DiscrepancyKind.PAID_TWICE);

    private final Payments payments;
    private final PaymentStore store;
    private final AuditRecorder audit;
    private final Ids ids;
    private final InstantSource clock;

    ReconciliationResource(ApiDependencies parts) {
        this.payments = parts.payments();
        this.store = parts.paymentStore();
        this.audit = parts.audit();
        this.ids = parts.ids();
        this.clock = parts.clock();
    }

    /** {@code POST /v1/reconciliations} */
    ApiResponse report(ApiRequest call) {
        FieldErrors errors = new FieldErrors();
        FieldReader fields = FieldReader.ofBody(call.body(), errors);
        String channel = fields.text("channel", this::channel);
        fields.require("channel");
        List<Json> items = fields.list("findings");
        fields.require("findings");
        fields.refuseOthers();
        if (items != null && items.size() > FINDINGS_MAX) {
            fields.wrong("findings", "has " + items.size() + " items, more than " + FINDINGS_MAX);
        }
        errors.check();
        List<StoredDiscrepancy> findings = findings(String.valueOf(channel), items == null ? List.of() : items, errors);
        errors.check();
        long stored = store.report(findings).stream().filter(fresh -> fresh).count();
        JsonWriter.Content sums = g -> {
            g.writeStartObject();
            g.writeNumberProperty("stored", stored);
            g.writeNumberProperty("known", findings.size() - stored);
            g.writeEndObject();
        };
        audit.write(call.caller(), "reconciliation.report", String.valueOf(channel), sums);
        return ApiResponse.json(200, sums);
    }

    private String channel(String name) {
        if (!payments.channels().contains(name)) {
            throw new IllegalArgumentException("is not a channel of this server");
        }
        return name;
    }

    private List<StoredDiscrepancy> findings(String channel, List<Json> items, FieldErrors errors) {
        List<StoredDiscrepancy> findings = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            String prefix = "findings[" + i + "]";
            if (items.get(i) instanceof Json.Obj object) {
                StoredDiscrepancy finding = finding(channel, new FieldReader(object, prefix + ".", errors));
                if (finding != null) {
                    findings.add(finding);
                }
            } else {
                errors.add(prefix, "is " + items.get(i).kind() + ", not an object");
            }
        }
        return findings;
    }

    /** Null if it is invalid. */
    private @Nullable StoredDiscrepancy finding(String channel, FieldReader fields) {
        DiscrepancyKind kind = fields.text("kind", ReconciliationResource::kind);
        fields.require("kind");
        String outTradeNo = fields.text("out_trade_no", FieldValidators::orderNo);
        fields.require("out_trade_no");
        String channelTradeNo = fields.text("channel_trade_no", FieldValidators::orderNo);
        PaymentId payment = fields.text("payment_id", this::payment);
        String detail = fields.text("detail", FieldValidators::note);
        fields.require("detail");
        fields.refuseOthers();
        if (kind == null || outTradeNo == null || detail == null) {
            return null;
        }
        // The same subject as for callbacks and queries, so that a discrepancy found by both is stored once.
        String subject = channelTradeNo == null ? outTradeNo : outTradeNo + " " + channelTradeNo;
        return new StoredDiscrepancy(
                new DiscrepancyId(ids.next()), kind, channel, subject, payment, detail, clock.instant(), null);
    }

    private static DiscrepancyKind kind(String text) {
        DiscrepancyKind kind = CodedEnum.ofText(DiscrepancyKind.class, text);
        if (!KINDS.contains(kind)) {
            throw new IllegalArgumentException("is not a kind that a bill can show");
        }
        return kind;
    }

    private PaymentId payment(String text) {
        PaymentId id = PaymentId.parse(text);
        if (store.find(id).isEmpty()) {
            throw new IllegalArgumentException("is not a payment id");
        }
        return id;
    }
}
