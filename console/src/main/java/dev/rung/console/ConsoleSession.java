package dev.rung.console;

import dev.rung.core.model.Role;
import dev.rung.web.Caller;

/**
 * A signed-in session.
 *
 * @param id when it began, in epoch milliseconds, and random bits below: greater than the ids of earlier sessions
 * @param caller the owner of the key, or the person
 * @param idleEnd when it ends unless it is used, epoch milliseconds
 * @param end when it ends although it is used, epoch milliseconds
 * @param csrf the CSRF token that every change must carry
 */
record ConsoleSession(long id, Caller caller, long idleEnd, long end, String csrf) {
    boolean isOperator() {
        return caller.role() == Role.OPERATOR;
    }

    /** Expiry of its current cookie, epoch milliseconds. */
    long until() {
        return Math.min(idleEnd, end);
    }

    @Override
    public String toString() {
        return "ConsoleSession[" + caller.name() + "]";
    }
}
