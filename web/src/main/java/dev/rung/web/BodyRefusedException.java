package dev.rung.web;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The body of a stranger does not fit into the {@link BodyBudget}. Servlets take it for a broken connection and make no
 * page of it, which would cost more than the body; {@link BodyLimitFilter} answers.
 */
final class BodyRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient ProblemException refusal;

    BodyRefusedException(ProblemException refusal) {
        super(refusal);
        this.refusal = refusal;
    }

    /** The refusal among the causes; null if there is none. */
    static @Nullable ProblemException in(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof BodyRefusedException refused) {
                return refused.refusal;
            }
        }
        return null;
    }
}
