package dev.rung.console;

import dev.rung.web.Caller;

/**
 * Somebody who signed in.
 *
 * @param id of this session, in hexadecimal
 * @param caller whose key it was
 * @param until when it ends, epoch milliseconds
 * @param csrf what every change must bring along: a page of another site cannot know it
 */
record ConsoleSession(String id, Caller caller, long until, String csrf) {
    boolean isOperator() {
        return caller instanceof Caller.Operator;
    }

    @Override
    public String toString() {
        return "Session[" + caller.actor() + "]";
    }
}
