package dev.rung.api;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Ids;
import dev.rung.core.model.InvalidValueException;
import dev.rung.payments.flow.Payments;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.ReconciliationId;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.model.StoredReconciliation;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.ReconciliationStore;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import dev.rung.web.QueryParameters;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lists the comparisons of bills, and stores the differences of one that was made by hand as discrepancies, each once. */
@RestController
@RequestMapping("/v1/reconciliations")
final class ReconciliationController {
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
    private final ReconciliationStore reconciliations;
    private final AuditRecorder audit;
    private final Ids ids;
    private final InstantSource clock;

    ReconciliationController(
            Payments payments,
            PaymentStore store,
            ReconciliationStore reconciliations,
            AuditRecorder audit,
            Ids ids,
            InstantSource clock) {
        this.payments = payments;
        this.store = store;
        this.reconciliations = reconciliations;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    @GetMapping
    JsonWriter.Content list(QueryParameters query) {
        String channel = query.text("channel");
        int limit = query.integer("limit", Lists.LIMIT_DEFAULT, 1, Lists.LIMIT_MAX);
        Long before = query.text("cursor", text -> Cursors.number(Cursors.Kind.RECONCILIATIONS, text));
        query.finish();
        Page<StoredReconciliation, ReconciliationId> page =
                reconciliations.list(channel, before == null ? null : new ReconciliationId(before), limit);
        ReconciliationId next = page.next();
        String cursor = next == null ? null : Cursors.of(Cursors.Kind.RECONCILIATIONS, next.value());
        return g -> JsonWriter.page(
                g, cursor, items -> page.items().forEach(each -> PaymentJson.reconciliation(items, each)));
    }

    @GetMapping("/{id}")
    JsonWriter.Content get(@PathVariable ReconciliationId id) {
        StoredReconciliation found = reconciliations
                .find(id)
                .orElseThrow(() -> Problem.notFound("reconciliation_not_found", "Reconciliation not found.")
                        .asException());
        return g -> PaymentJson.reconciliation(g, found);
    }

    @PostMapping
    JsonWriter.Content report(@AuthenticationPrincipal Caller caller, FieldReader fields) {
        String channel = fields.text("channel", this::channel);
        fields.require("channel");
        List<Json> items = fields.list("findings");
        fields.require("findings");
        fields.refuseOthers();
        if (items != null && items.size() > FINDINGS_MAX) {
            fields.wrong(
                    "findings", "too_long", "has " + items.size() + " items, more than " + FINDINGS_MAX, FINDINGS_MAX);
        }
        fields.check();
        List<StoredDiscrepancy> findings = findings(String.valueOf(channel), items == null ? List.of() : items, fields);
        fields.check();
        int stored = payments.report(findings);
        JsonWriter.Content sums = g -> {
            g.writeStartObject();
            g.writeNumberProperty("stored", stored);
            g.writeNumberProperty("known", findings.size() - stored);
            g.writeEndObject();
        };
        audit.write(caller, "reconciliation.report", String.valueOf(channel), sums);
        return sums;
    }

    private String channel(String name) {
        if (!payments.channels().contains(name)) {
            throw new InvalidValueException("unknown_channel", "is not a channel of this server");
        }
        return name;
    }

    private List<StoredDiscrepancy> findings(String channel, List<Json> items, FieldReader fields) {
        List<StoredDiscrepancy> findings = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            FieldReader item = fields.item("findings", i, items.get(i));
            StoredDiscrepancy finding = item == null ? null : finding(channel, item);
            if (finding != null) {
                findings.add(finding);
            }
        }
        return findings;
    }

    /** Null if it is invalid. */
    private @Nullable StoredDiscrepancy finding(String channel, FieldReader fields) {
        DiscrepancyKind kind = fields.text("kind", ReconciliationController::kind);
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
        long id = payment == null ? ids.next() : ids.nextBeside(payment.value());
        return new StoredDiscrepancy(
                new DiscrepancyId(id), kind, channel, subject, payment, detail, clock.instant(), null);
    }

    private static DiscrepancyKind kind(String text) {
        DiscrepancyKind kind = CodedEnum.ofText(DiscrepancyKind.class, text);
        if (!KINDS.contains(kind)) {
            throw new InvalidValueException("not_one_of", "is not a kind that a bill can show");
        }
        return kind;
    }

    private PaymentId payment(String text) {
        PaymentId id = PaymentId.parse(text);
        if (store.find(id).isEmpty()) {
            throw new InvalidValueException("unknown_payment", "is not a payment id");
        }
        return id;
    }
}
