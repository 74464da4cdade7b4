package dev.rung.web;

import dev.rung.web.RouteTable.Found;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls the API from within the process: the same routes, rights, rules, answers and audit, without HTTP between. Thread-safe.
 *
 * <p>Whoever changes something for a person goes this way, so that there is one place where it is decided what may be changed and how.
 */
public final class InProcessApi {
    private final RouteTable routes;

    public InProcessApi(RouteTable routes) {
        this.routes = routes;
    }

    /** Calls without a body. */
    public ApiResponse.Whole call(Caller caller, String method, String target) {
        return call(caller, method, target, new byte[0]);
    }

    /**
     * Calls.
     *
     * @param target path and query as they would stand in a request, percent-encoded
     * @param body JSON; empty: none
     */
    public ApiResponse.Whole call(Caller caller, String method, String target, byte[] body) {
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? null : target.substring(question + 1);
        ApiResponse answer = answer(caller, method, path, new Inside(query, body));
        if (answer instanceof ApiResponse.Whole whole) {
            return whole;
        }
        throw new IllegalArgumentException(method + " " + path + " does not end");
    }

    private ApiResponse answer(Caller caller, String method, String path, ApiRequest.Source source) {
        if (!(routes.find(method, path) instanceof Found.Match match)) {
            return ApiResponse.problem(Problem.notFound("There is nothing at this path."));
        }
        if (!match.route().access().permits(caller)) {
            return ApiResponse.problem(Problem.forbidden("This key may not do that."));
        }
        try {
            return match.route().handler().handle(new ApiRequest(source, caller, match.variables()));
        } catch (ProblemException e) {
            return ApiResponse.problem(e.problem());
        } catch (RuntimeException e) {
            return ApiResponse.problem(ApiServlet.problemOf(e, method + " " + path));
        }
    }

    /** A call that came over no wire. */
    @SuppressWarnings("ArrayRecordComponent") // goes from caller to handler; nobody compares it
    private record Inside(@Nullable String queryString, byte[] body) implements ApiRequest.Source {
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
