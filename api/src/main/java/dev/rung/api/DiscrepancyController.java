package dev.rung.api;

import dev.rung.core.model.InvalidValueException;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.JsonWriter;
import dev.rung.web.OptionalBody;
import dev.rung.web.QueryParameters;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lists and resolves discrepancies. */
@RestController
@RequestMapping("/v1/discrepancies")
final class DiscrepancyController {
    private final DiscrepancyService discrepancies;

    DiscrepancyController(DiscrepancyService discrepancies) {
        this.discrepancies = discrepancies;
    }

    @GetMapping
    JsonWriter.Content list(QueryParameters query) {
        boolean openOnly = !Boolean.TRUE.equals(query.text("state", DiscrepancyController::isAll));
        DiscrepancyFilter filter = DiscrepancyFilter.read(query);
        int limit = query.integer("limit", Lists.LIMIT_DEFAULT, 1, Lists.LIMIT_MAX);
        Long before = query.text("cursor", text -> Cursors.number(Cursors.Kind.DISCREPANCIES, text));
        query.finish();
        Page<StoredDiscrepancy, DiscrepancyId> page =
                discrepancies.list(filter, openOnly, before == null ? null : new DiscrepancyId(before), limit);
        DiscrepancyId next = page.next();
        String cursor = next == null ? null : Cursors.of(Cursors.Kind.DISCREPANCIES, next.value());
        return g ->
                JsonWriter.page(g, cursor, items -> page.items().forEach(each -> PaymentJson.discrepancy(items, each)));
    }

    private static boolean isAll(String state) {
        return switch (state) {
            case "all" -> true;
            case "open" -> false;
            default -> throw new InvalidValueException("not_one_of", "is not one of open, all", "open, all");
        };
    }

    @GetMapping("/{id}")
    JsonWriter.Content get(@PathVariable DiscrepancyId id) {
        return shown(discrepancies.find(id));
    }

    @PostMapping("/{id}/resolve")
    JsonWriter.Content resolve(
            @AuthenticationPrincipal Caller caller, @PathVariable DiscrepancyId id, FieldReader fields) {
        return shown(discrepancies.resolve(caller, id, fields));
    }

    @PostMapping("/{id}/approve")
    JsonWriter.Content approve(
            @AuthenticationPrincipal Caller caller, @PathVariable DiscrepancyId id, @OptionalBody FieldReader fields) {
        fields.finish();
        return shown(discrepancies.approve(caller, id));
    }

    @PostMapping("/{id}/reject")
    JsonWriter.Content reject(
            @AuthenticationPrincipal Caller caller, @PathVariable DiscrepancyId id, @OptionalBody FieldReader fields) {
        fields.finish();
        return shown(discrepancies.reject(caller, id));
    }

    @PostMapping("/resolve")
    JsonWriter.Content resolveMany(@AuthenticationPrincipal Caller caller, FieldReader fields) {
        return discrepancies.resolveMany(caller, fields)::write;
    }

    private static JsonWriter.Content shown(StoredDiscrepancy discrepancy) {
        return g -> PaymentJson.discrepancy(g, discrepancy);
    }
}
