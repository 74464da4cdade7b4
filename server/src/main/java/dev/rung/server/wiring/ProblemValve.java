package dev.rung.server.wiring;

import dev.rung.web.Problem;
import dev.rung.web.ProblemResponse;
import java.io.IOException;
import java.util.List;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;

/** What Tomcat refuses by itself (a broken request line, a header that is too long) is answered as a problem too, and names no server. */
public final class ProblemValve extends ErrorReportValve {
    @Override
    protected void report(Request request, Response response, Throwable throwable) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        Problem problem = problem(status);
        byte[] body = ProblemResponse.body(problem);
        try {
            response.setContentType(ProblemResponse.CONTENT_TYPE);
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException e) {
            container.getLogger().debug("the caller disconnected before the response", e);
        }
    }

    private static Problem problem(int status) {
        return switch (status) {
            case 501 ->
                problem(
                        status,
                        "not-implemented",
                        "not_implemented",
                        "Not implemented",
                        "The transfer encoding is not supported.");
            case 505 ->
                problem(
                        status,
                        "version-not-supported",
                        "version_not_supported",
                        "HTTP version not supported",
                        "Send HTTP/1.0 or HTTP/1.1.");
            default ->
                status < 500
                        ? problem(
                                status,
                                "malformed",
                                "malformed_request",
                                "Malformed request",
                                "The request is not proper HTTP.")
                        : Problem.internal();
        };
    }

    private static Problem problem(int status, String slug, String code, String title, String detail) {
        return new Problem(status, slug, code, title, detail, List.of(), List.of(), null);
    }
}
