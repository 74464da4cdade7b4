package dev.rung.client;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The comparison of a channel account with its bill of a day.
 *
 * @param day in the channel's time zone
 * @param state {@code "waiting"}, {@code "finished"} or {@code "given_up"}
 * @param problem why the bill is not compared yet
 * @param result null until it is compared
 */
public record Reconciliation(
        String id,
        String channel,
        LocalDate day,
        String state,
        Instant createdAt,
        @Nullable Instant finishedAt,
        @Nullable String problem,
        @Nullable Result result) {

    /**
     * What the comparison found.
     *
     * @param differences found in this comparison; they are discrepancies now
     * @param suspended what one side alone has near midnight: compared with the next day's bill
     * @param settled earlier discrepancies that this bill resolved
     * @param leftOut lines of other systems' orders
     * @param unreadable lines that could not be read
     */
    public record Result(
            Side bill, Side rung, int differences, int suspended, int settled, int leftOut, int unreadable) {}

    /** What one side has. */
    public record Side(Sums payments, Sums refunds) {}

    /** How many, and how much in each currency. */
    public record Sums(int count, List<Amount> amounts) {}

    static Reconciliation read(JsonObject json) {
        return new Reconciliation(
                json.text("id"),
                json.text("channel"),
                LocalDate.parse(json.text("day")),
                json.text("state"),
                json.time("created_at"),
                json.optionalTime("finished_at"),
                json.optionalText("problem"),
                json.optionalObject("result", Reconciliation::result));
    }

    private static Result result(JsonObject json) {
        return new Result(
                json.object("bill", Reconciliation::side),
                json.object("rung", Reconciliation::side),
                json.integer("differences"),
                json.integer("suspended"),
                json.integer("settled"),
                json.integer("left_out"),
                json.integer("unreadable"));
    }

    private static Side side(JsonObject json) {
        return new Side(json.object("payments", Reconciliation::sums), json.object("refunds", Reconciliation::sums));
    }

    private static Sums sums(JsonObject json) {
        return new Sums(json.integer("count"), json.objects("amounts", Amount::read));
    }
}
