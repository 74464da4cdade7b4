package dev.rung.cli;

import java.util.List;
import java.util.function.Function;

/** Calls the API for each of several notifications and prints each result; continues after a failure. */
final class BulkCommand {
    private BulkCommand() {}

    /** Returns the exit code: 0 if all calls succeeded. */
    static int of(
            Terminal terminal,
            boolean json,
            List<String> ids,
            String done,
            Function<String, ApiConnection.Answer> call,
            ApiConnection api) {
        boolean failed = false;
        for (String id : ids) {
            ApiConnection.Answer answer = call.apply(id);
            if (answer.status() == 401) {
                throw api.problem(answer);
            }
            failed |= !answer.succeeded();
            if (json) {
                terminal.out().println(answer.body());
            } else if (answer.succeeded()) {
                terminal.out().println(id + "  " + terminal.paint(AnsiStyle.GREEN, done));
            } else {
                terminal.err()
                        .println(id + "  "
                                + terminal.paint(
                                        AnsiStyle.RED,
                                        String.valueOf(api.problem(answer).getMessage())));
            }
        }
        return failed ? Commands.FAILED : Commands.DONE;
    }
}
