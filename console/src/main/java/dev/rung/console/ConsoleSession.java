package dev.rung.console;

import dev.rung.core.model.Role;
import dev.rung.web.Caller;

/**
 * A signed-in session.
 *
 * @param id in hexadecimal
 * @param caller the owner of the key
 * @param until expiry, epoch milliseconds
 * @param csrf the CSRF token that every change must carry
 */
record ConsoleSession(String id, Caller caller, long until, String csrf) {
    boolean isOperator() {
        return caller.role() == Role.OPERATOR;
    }

    @Override
    public String toString() {
        return "ConsoleSession[" + caller.name() + "]";
    }
}
