package dev.rung.server.simulator;

import dev.rung.channel.simulator.SimulatedBank;
import dev.rung.core.port.StoreException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The simulated bank's door. Whoever comes needs no key of Rung's: it is another house. */
public final class SimulatorServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(SimulatorServlet.class);

    private final transient SimulatedBank bank;

    public SimulatorServlet(SimulatedBank bank) {
        this.bank = bank;
    }

    @Override
    public void service(ServletRequest servletRequest, ServletResponse servletResponse) throws IOException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        response.setHeader("X-Content-Type-Options", "nosniff");
        byte[] body = request.getInputStream().readNBytes(SimulatedBank.BODY_BYTES_MAX + 1);
        if (body.length > SimulatedBank.BODY_BYTES_MAX) {
            response.setStatus(413);
            return;
        }
        try {
            write(request, response, bank.answer(read(request, body)));
        } catch (StoreException e) {
            LOG.debug("the simulated bank cannot use its ledger", e);
            response.setStatus(503);
        }
    }

    private static SimulatedBank.Request read(HttpServletRequest request, byte[] body) {
        Map<String, String> headers = new HashMap<>();
        request.getHeaderNames()
                .asIterator()
                .forEachRemaining(name -> headers.put(name.toLowerCase(Locale.ROOT), request.getHeader(name)));
        String path = request.getRequestURI().substring(SimulatedBank.PATH.length());
        return new SimulatedBank.Request(request.getMethod(), path, request.getQueryString(), headers, body);
    }

    private static void write(HttpServletRequest request, HttpServletResponse response, SimulatedBank.Answer answer)
            throws IOException {
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        if (!answer.contentType().isEmpty()) {
            response.setContentType(answer.contentType());
        }
        response.setContentLength(answer.body().length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(answer.body());
        }
    }
}
