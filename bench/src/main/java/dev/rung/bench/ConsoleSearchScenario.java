package dev.rung.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The console's pages on a full store, with one user: the time until the whole page has arrived. */
final class ConsoleSearchScenario implements Scenario {
    private static final int MERCHANTS = 1_000;
    /** One in this many is waiting. */
    private static final int WAITING_EVERY = 200;

    private static final int PLACES = 50;
    private static final int SAMPLES = 200;
    private static final int WARM_UP = 50;
    private static final Pattern NOTIFICATION = Pattern.compile("/notifications/(ntf_[0-9a-z]{13})[\"/?]");

    private final SplittableRandom random = new SplittableRandom(42);
    private List<String> merchants = List.of();
    private List<String> places = List.of();

    /**
     * A page to request.
     *
     * @param finds whether the page must show at least one notification
     */
    private record Ask(String name, boolean finds, Supplier<String> path) {}

    @Override
    public String name() {
        return "console";
    }

    @Override
    public String what() {
        return "the console's pages with a week's notifications stored (--stored, one in " + WAITING_EVERY
                + " waiting), "
                + MERCHANTS + " merchants, one of which has half of them: request → whole page, " + SAMPLES
                + " of each per run";
    }

    @Override
    public List<Figure> run(Bench bench) throws IOException {
        int stored = bench.setup().stored();
        List<Figure> figures = new ArrayList<>();
        if (merchants.isEmpty()) {
            merchants = bench.merchants(MERCHANTS, "ok", 0);
            bench.stopServer();
            long begun = System.nanoTime();
            DataSeeder.fill(bench, merchants, stored, stored / WAITING_EVERY);
            figures.add(new Figure("stored before", stored / ((System.nanoTime() - begun) / 1e9), "/s"));
        }
        double worst = 0;
        try (ConsoleUser person = new ConsoleUser(bench.server().address(), Bench.API_KEY)) {
            places = places(person, stored);
            for (Ask ask : asks(stored)) {
                long[] nanos = measure(person, ask);
                double p99 = Figures.percentile(nanos, 0.99) / 1e6;
                figures.add(new Figure(ask.name() + " p50", Figures.percentile(nanos, 0.5) / 1e6, "ms"));
                figures.add(new Figure(ask.name() + " p99", p99, "ms"));
                worst = Math.max(worst, p99);
            }
        }
        figures.add(new Figure("the slowest page's p99", worst, "ms"));
        return figures;
    }

    /** Ids from the newest to the oldest; deep pages start in the middle. */
    private static List<String> places(ConsoleUser person, int stored) throws IOException {
        List<String> places = new ArrayList<>();
        for (int i = PLACES - 1; i >= 0; i--) {
            String order = DataSeeder.orderNo((long) stored * i / PLACES + stored / PLACES / 2);
            Bench.await("what is stored can be searched", Duration.ofMinutes(5), () -> shows(person, order));
            Matcher link = NOTIFICATION.matcher(person.see("/notifications?q=" + order));
            if (!link.find()) {
                throw new IOException("the order " + order + " was found before, but not this time");
            }
            places.add(link.group(1));
        }
        return places;
    }

    /** Waits until the search index is complete: it may be written after the notifications. */
    private static boolean shows(ConsoleUser person, String order) {
        try {
            return NOTIFICATION.matcher(person.see("/notifications?q=" + order)).find();
        } catch (IOException e) {
            throw new IllegalStateException("the console did not answer", e);
        }
    }

    private List<Ask> asks(int stored) {
        String list = "/notifications";
        String largest = merchants.getFirst();
        return List.of(
                new Ask("overview", false, () -> "/"),
                new Ask("newest", true, () -> list),
                new Ask("deep page", true, () -> list + "?before=" + any(places)),
                new Ask("order number", true, () -> list + "?q=" + DataSeeder.orderNo(random.nextInt(stored))),
                new Ask("no such order", false, () -> list + "?q=none-" + random.nextInt(stored)),
                new Ask("id", true, () -> list + "?q=" + any(places)),
                new Ask("merchant by id", true, () -> list + "?merchant=" + any(merchants)),
                new Ask("merchant by name", true, () -> list + "?merchant=bench+" + (1 + random.nextInt(MERCHANTS))),
                new Ask("waiting", true, () -> list + "?state=waiting"),
                new Ask("exhausted, deep", true, () -> list + "?state=exhausted&before=" + older()),
                new Ask("cancelled", true, () -> list + "?state=cancelled"),
                new Ask("delivered, deep", true, () -> list + "?state=delivered&before=" + older()),
                new Ask("merchant, waiting", false, () -> list + "?state=waiting&merchant=" + any(merchants)),
                new Ask("merchant, exhausted", false, () -> list + "?state=exhausted&merchant=" + any(merchants)),
                new Ask("largest, exhausted", true, () -> list + "?state=exhausted&merchant=" + largest),
                new Ask("largest, deep", true, () -> list + "?merchant=" + largest + "&before=" + older()),
                new Ask("event type", true, () -> list + "?type=payment.succeeded&before=" + older()),
                new Ask("rare event type", false, () -> list + "?type=" + DataSeeder.RARE),
                new Ask("no such event type", false, () -> list + "?type=nothing.like.this"),
                new Ask("an hour", true, () -> list + "?" + hour()),
                new Ask("an hour, exhausted", false, () -> list + "?state=exhausted&" + hour()),
                new Ask("merchant, an hour", false, () -> list + "?merchant=" + any(merchants) + "&" + hour()));
    }

    private String any(List<String> some) {
        return some.get(random.nextInt(some.size()));
    }

    /** A cursor with many rows after it. */
    private String older() {
        return places.get(random.nextInt(PLACES / 2));
    }

    private String hour() {
        Instant from = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(random.nextInt(2, 160), ChronoUnit.HOURS);
        return "from=" + from + "&to=" + from.plus(1, ChronoUnit.HOURS);
    }

    private static long[] measure(ConsoleUser person, Ask ask) throws IOException {
        long[] nanos = new long[SAMPLES];
        for (int i = -WARM_UP; i < SAMPLES; i++) {
            String path = ask.path().get();
            long begun = System.nanoTime();
            String page = person.see(path);
            long took = System.nanoTime() - begun;
            if (ask.finds() && !NOTIFICATION.matcher(page).find()) {
                throw new IOException("the console found nothing for " + path);
            }
            if (i >= 0) {
                nanos[i] = took;
            }
        }
        return nanos;
    }
}
