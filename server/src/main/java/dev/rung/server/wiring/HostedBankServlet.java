package dev.rung.server.wiring;

import dev.rung.core.port.StoreException;
import dev.rung.payments.channel.HostedBank;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes requests below {@code /banks/NAME} to the bank of that channel. They need no API key: payers make them. */
final class HostedBankServlet extends HttpServlet {
    static final String PATH = "/banks";

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(HostedBankServlet.class);

    private final transient OpenChannels channels;

    HostedBankServlet(OpenChannels channels) {
        this.channels = channels;
    }

    /** Where the bank of a channel is. */
    static URI url(URI server, String channel) {
        return URI.create(server + PATH + "/" + channel);
    }

    @Override
    public void service(ServletRequest servletRequest, ServletResponse servletResponse) throws IOException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        String path = request.getRequestURI().substring(PATH.length() + 1);
        int slash = path.indexOf('/');
        String name = slash < 0 ? path : path.substring(0, slash);
        Optional<HostedBank> bank = channels.hosted(name);
        if (bank.isEmpty()) {
            response.setStatus(404);
            return;
        }
        byte[] body = request.getInputStream().readNBytes(HostedBank.BODY_BYTES_MAX + 1);
        if (body.length > HostedBank.BODY_BYTES_MAX) {
            response.setStatus(413);
            return;
        }
        try {
            write(request, response, bank.get().answer(read(request, path.substring(name.length()), body)));
        } catch (StoreException e) {
            LOG.debug("the bank of the channel {} cannot use its ledger", name, e);
            response.setStatus(503);
        }
    }

    private static HostedBank.Request read(HttpServletRequest request, String path, byte[] body) {
        Map<String, String> headers = new HashMap<>();
        request.getHeaderNames()
                .asIterator()
                .forEachRemaining(name -> headers.put(name.toLowerCase(Locale.ROOT), request.getHeader(name)));
        return new HostedBank.Request(request.getMethod(), path, request.getQueryString(), headers, body);
    }

    private static void write(HttpServletRequest request, HttpServletResponse response, HostedBank.Answer answer)
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
