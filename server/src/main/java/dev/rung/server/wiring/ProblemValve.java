package dev.rung.server.wiring;

import dev.rung.web.ApiResponse;
import dev.rung.web.Problem;
import java.io.IOException;
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
        Problem problem = status < 500
                ? new Problem(
                        status,
                        "malformed",
                        "Malformed request",
                        "The request is not proper HTTP.",
                        java.util.List.of(),
                        null)
                : Problem.internal();
        if (ApiResponse.problem(problem) instanceof ApiResponse.Whole whole) {
            try {
                response.setContentType(whole.contentType());
                response.setContentLength(whole.body().length);
                response.getOutputStream().write(whole.body());
                response.finishResponse();
            } catch (IOException e) {
                container.getLogger().debug("the caller was gone before it could be told", e);
            }
        }
    }
}
