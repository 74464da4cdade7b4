package dev.rung.channel.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.payments.bank.BankBehavior.CallbackKind;
import dev.rung.payments.bank.BankBehavior.Outcome;
import dev.rung.payments.bank.BankOrder;
import dev.rung.payments.channel.HostedBank.Answer;
import dev.rung.payments.channel.HostedBank.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pay page, on which a tester chooses the payment's result. One document and one stylesheet, no script. Thread-safe. */
final class PayPage {
    static final String PAY = "pay";
    static final String PAY_AND_LOSE = "pay_and_lose";
    static final String FAIL = "fail";
    static final String LEAVE = "leave";

    private static final List<String> CHOICES = List.of(PAY, PAY_AND_LOSE, FAIL, LEAVE);
    private static final String LEFT = "left";
    private static final String RETURN = "redirect_url=";

    /** Allows only the page's own stylesheet, icon and form target, and no framing. */
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
                    + " frame-ancestors 'none'",
            "Referrer-Policy",
            "no-referrer",
            "Cache-Control",
            "no-store",
            "Vary",
            "Accept-Language");

    private final Map<String, Answer> files = Map.of(
            "/style.css", file("style.css", "text/css;charset=utf-8"), "/icon.svg", file("icon.svg", "image/svg+xml"));

    private static Answer file(String name, String contentType) {
        try (InputStream in = Objects.requireNonNull(PayPage.class.getResourceAsStream(name), name)) {
            return new Answer(200, contentType, Map.of("Cache-Control", "max-age=3600"), in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /** The stylesheet or the icon. */
    Answer file(String path, Request request) {
        Answer file = files.get(path);
        return file == null ? nothing(request) : file;
    }

    /** The page for an unknown order. */
    Answer nothing(Request request) {
        PayPageMessages messages = PayPageMessages.of(request.header("accept-language"));
        return html(
                404, messages, messages.text("title.nothing"), "<p>" + escaped(messages.text("nothing")) + "</p>\n");
    }

    /** The pay URL of an order whose page leads back to the shop. */
    static String returning(String payUrl, String returnUrl) {
        return payUrl + "?" + RETURN + URLEncoder.encode(returnUrl, UTF_8);
    }

    /** The parameter of the shop's URL as it is in the query; empty if there is none. */
    private static String returnParameter(Request request) {
        String query = request.query();
        return query == null
                ? ""
                : Stream.of(query.split("&", -1))
                        .filter(parameter -> parameter.startsWith(RETURN))
                        .findFirst()
                        .orElse("");
    }

    private static String shopLink(Request request, PayPageMessages messages) {
        String parameter = returnParameter(request);
        if (parameter.isEmpty()) {
            return "";
        }
        try {
            String url = URLDecoder.decode(parameter.substring(RETURN.length()), UTF_8);
            return url.startsWith("https://") || url.startsWith("http://")
                    ? "<p><a rel=\"noreferrer\" href=\"" + escaped(url) + "\">" + escaped(messages.text("return"))
                            + "</a></p>\n"
                    : "";
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** Redirects after a choice (post/redirect/get), so that a reload does not submit it again. */
    Answer seeAfter(String token, String choice, Request request) {
        String query = Stream.of(choice.equals(LEAVE) ? LEFT : "", returnParameter(request))
                .filter(parameter -> !parameter.isEmpty())
                .collect(Collectors.joining("&"));
        String location = query.isEmpty() ? token : token + "?" + query;
        return new Answer(303, "", Map.of("Location", location, "Cache-Control", "no-store"), new byte[0]);
    }

    /** The page of an order in its current state. */
    Answer show(BankOrder order, Request request) {
        PayPageMessages messages = PayPageMessages.of(request.header("accept-language"));
        boolean open = order.state() == BankOrder.State.OPEN;
        String query = request.query();
        boolean left = open && query != null && (query + "&").startsWith(LEFT + "&");
        String title = messages.text(
                "title." + (left ? LEFT : order.state().text()),
                messages.amount(order.terms().amount()));
        String status = status(order, left, messages);
        String choices = open && !left && order.behavior().outcome() == null ? choices(order, messages) : "";
        return html(
                200,
                messages,
                title,
                facts(order, messages)
                        + (status.isEmpty() ? "" : "<p role=\"status\">" + escaped(status) + "</p>\n")
                        + choices
                        + (left
                                ? "<p><a href=\"?" + escaped(returnParameter(request)) + "\">"
                                        + escaped(messages.text("back")) + "</a></p>\n"
                                : "")
                        + (open && !left ? "" : shopLink(request, messages)));
    }

    private static Answer html(int status, PayPageMessages messages, String title, String content) {
        String escaped = escaped(title);
        String bank = escaped(messages.text("bank"));
        String document = """
            <!doctype html>
            <html lang="%s">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>%s</title>
            <link rel="stylesheet" href="../style.css">
            <link rel="icon" type="image/svg+xml" href="../icon.svg">
            </head>
            <body>
            <header class="bank">%s</header>
            <main>
            <h1>%s</h1>
            %s</main>
            <footer>%s</footer>
            </body>
            </html>
            """.formatted(
                messages.language(), escaped + " · " + bank, bank, escaped, content, escaped(messages.text("notice")));
        return new Answer(status, "text/html;charset=utf-8", HEADERS, document.getBytes(UTF_8));
    }

    private static String facts(BankOrder order, PayPageMessages messages) {
        BankOrder.Terms terms = order.terms();
        return "<dl>\n"
                + fact(messages.text("subject"), terms.subject())
                + fact(messages.text("amount"), messages.amount(terms.amount()))
                + fact(messages.text("number"), terms.number())
                + (order.state() == BankOrder.State.PAID ? fact(messages.text("trade_no"), terms.tradeNo()) : "")
                + (order.state() == BankOrder.State.OPEN
                        ? fact(messages.text("until"), messages.time(terms.expiresAt()))
                        : "")
                + "</dl>\n";
    }

    private static String fact(String name, String value) {
        return "<dt>" + escaped(name) + "</dt><dd>" + escaped(value) + "</dd>\n";
    }

    private static String status(BankOrder order, boolean left, PayPageMessages messages) {
        Outcome outcome = order.behavior().outcome();
        return switch (order.state()) {
            case OPEN ->
                left ? messages.text("left") : outcome == null ? "" : messages.text("automatic." + outcome.text());
            case PAID -> messages.text("paid") + " " + messages.text(callbackStatus(order));
            case FAILED -> messages.text("failed") + " " + messages.text(callbackStatus(order));
            case CLOSED -> messages.text("closed");
        };
    }

    private static String callbackStatus(BankOrder order) {
        CallbackKind kind = order.behavior().callback();
        if (kind == CallbackKind.LOST) {
            return "callback.lost";
        }
        if (kind == CallbackKind.FORGED) {
            return "callback.forged";
        }
        if (order.acknowledged()) {
            return "callback.acknowledged";
        }
        return order.dueAt() == null
                ? "callback.failed"
                : order.callbacks() > 1 ? "callback.retrying" : "callback.sending";
    }

    private static String choices(BankOrder order, PayPageMessages messages) {
        StringBuilder form = new StringBuilder("<h2 id=\"choose\">")
                .append(escaped(messages.text("choose")))
                .append("</h2>\n<form method=\"post\" aria-labelledby=\"choose\">\n<ul>\n");
        for (String choice : CHOICES) {
            form.append("<li><button name=\"choice\" value=\"%1$s\" aria-describedby=\"%1$s-does\"%2$s>%3$s</button>"
                    .formatted(
                            choice,
                            choice.equals(PAY) ? " class=\"first\"" : "",
                            escaped(messages.text(
                                    choice, messages.amount(order.terms().amount())))));
            form.append("<p class=\"does\" id=\"%s-does\">%s</p></li>\n"
                    .formatted(choice, escaped(messages.text(choice + ".does"))));
        }
        return form.append("</ul>\n</form>\n").toString();
    }

    /** Escapes text from merchants for HTML. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }
}
