package dev.rung.server.http;

import dev.rung.server.http.Routes.Found;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls the API from within the process: the same routes, rights, rules, answers and audit, without HTTP between. Thread-safe.
 *
 * <p>Whoever changes something for a person goes this way, so that there is one place where it is decided what may be changed and how.
 */
public final class InProcess {
    private final Routes routes;

    public InProcess(Routes routes) {
        this.routes = routes;
    }

    /** Calls without a body. */
    public Answer.Whole call(Caller caller, String method, String target) {
        return call(caller, method, target, new byte[0]);
    }

    /**
     * Calls.
     *
     * @param target path and query as they would stand in a request, percent-encoded
     * @param body JSON; empty: none
     */
    public Answer.Whole call(Caller caller, String method, String target, byte[] body) {
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? null : target.substring(question + 1);
        Answer answer = answer(caller, method, path, new Inside(query, body));
        if (answer instanceof Answer.Whole whole) {
            return whole;
        }
        throw new IllegalArgumentException(method + " " + path + " does not end");
    }

    private Answer answer(Caller caller, String method, String path, Call.Source source) {
        if (!(routes.find(method, path) instanceof Found.Match match)) {
            return Answer.problem(Problem.notFound("There is nothing at this path."));
        }
        if (!match.route().access().permits(caller)) {
            return Answer.problem(Problem.forbidden("This key may not do that."));
        }
        try {
            return match.route().handler().handle(new Call(source, caller, match.variables()));
        } catch (ProblemException e) {
            return Answer.problem(e.problem());
        } catch (RuntimeException e) {
            return Answer.problem(ApiServlet.problemOf(e, method + " " + path));
        }
    }

    /** A call that came over no wire. */
    @SuppressWarnings("ArrayRecordComponent") // goes from caller to handler; nobody compares it
    private record Inside(@Nullable String queryString, byte[] body) implements Call.Source {
        @Override
        public List<String> headers(String name) {
            return List.of();
        }

        @Override
        public Collection<String> headerNames() {
            return List.of();
        }

        @Override
        public byte[] bytes(int bytesMax) {
            if (body.length > bytesMax) {
                throw Problem.tooLarge(bytesMax).asException();
            }
            return body;
        }
    }
}
