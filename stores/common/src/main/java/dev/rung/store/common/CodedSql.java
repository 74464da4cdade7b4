package dev.rung.store.common;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.WakeLocation;
import dev.rung.payments.model.PaymentState;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Replaces enum constants in statements by their stored codes: {@code {WakeLocation.QUEUED}} becomes {@code 0}. The codes are literals and
 * not bound, because a partial index is used only if the statement repeats its condition.
 */
public final class CodedSql {
    private static final Pattern NAME = Pattern.compile("\\{(\\w+)\\.(\\w+)}");

    private static final List<Class<? extends CodedEnum>> TYPES =
            List.of(DeliveryKind.class, DeliveryState.class, Outcome.class, PaymentState.class, WakeLocation.class);

    private CodedSql() {}

    /**
     * Replaces each name by its constant's code.
     *
     * @throws IllegalArgumentException if there is no such constant
     */
    public static String of(String statement) {
        return of(statement, List.of());
    }

    /** The same, with further enums that only this statement uses. */
    public static String of(String statement, List<Class<? extends CodedEnum>> own) {
        List<Class<? extends CodedEnum>> types =
                Stream.concat(TYPES.stream(), own.stream()).toList();
        return NAME.matcher(statement).replaceAll(name -> code(types, name));
    }

    private static String code(List<Class<? extends CodedEnum>> types, MatchResult name) {
        for (Class<? extends CodedEnum> type : types) {
            if (type.getSimpleName().equals(name.group(1))) {
                for (CodedEnum constant : type.getEnumConstants()) {
                    if (((Enum<?>) constant).name().equals(name.group(2))) {
                        return Matcher.quoteReplacement(Integer.toString(constant.code()));
                    }
                }
            }
        }
        throw new IllegalArgumentException("no constant " + name.group());
    }
}
