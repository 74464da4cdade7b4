package dev.rung.web;

import dev.rung.web.RouteTable.Found;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls the API in-process, without HTTP, with the same routes, permissions, validation and audit. Thread-safe.
 *
 * <p>The console makes all its changes through this class, so that the rules are implemented once.
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
     * Calls the API.
     *
     * @param target path and query, percent-encoded
     * @param body JSON; empty if there is none
     */
    public ApiResponse.Whole call(Caller caller, String method, String target, byte[] body) {
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? null : target.substring(question + 1);
        ApiResponse answer = answer(caller, method, path, new InProcess(query, body));
        if (answer instanceof ApiResponse.Whole whole) {
            return whole;
        }
        throw new IllegalArgumentException(method + " " + path + " returns a stream");
    }

    private ApiResponse answer(Caller caller, String method, String path, ApiRequest.Source source) {
        if (!(routes.find(method, path) instanceof Found.Match match)) {
            return ApiResponse.problem(Problem.notFound("Path not found."));
        }
        if (!match.route().access().permits(caller)) {
            return ApiResponse.problem(Problem.forbidden("This key has no permission for this operation."));
        }
        try {
            return match.route().handler().handle(new ApiRequest(source, caller, match.variables()));
        } catch (ProblemException e) {
            return ApiResponse.problem(e.problem());
        } catch (RuntimeException e) {
            return ApiResponse.problem(ApiServlet.problemOf(e, method + " " + path));
        }
    }

    /** A request without HTTP. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record InProcess(@Nullable String queryString, byte[] body) implements ApiRequest.Source {
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
