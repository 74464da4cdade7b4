package dev.rung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.util.pattern.PathPatternParser;

class ConsolePathsTest {
    private static final String PROBLEM_PAGES = "/error";

    private static List<String> mapped() throws ClassNotFoundException {
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(Controller.class));
        List<String> paths = new ArrayList<>();
        for (var found : scanner.findCandidateComponents(ConsolePaths.class.getPackageName())) {
            Class<?> page = Class.forName(found.getBeanClassName());
            List<String> above = paths(AnnotatedElementUtils.findMergedAnnotation(page, RequestMapping.class));
            for (Method method : page.getDeclaredMethods()) {
                RequestMapping mapping = AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
                if (mapping != null) {
                    above.forEach(first -> paths(mapping).forEach(rest -> paths.add(first + rest)));
                }
            }
        }
        return paths;
    }

    private static List<String> paths(RequestMapping mapping) {
        return mapping == null || mapping.path().length == 0 ? List.of("") : List.of(mapping.path());
    }

    private static boolean isProtected(String path) {
        PathContainer example = PathContainer.parsePath(path.replaceAll("\\{[^}]*}", "x"));
        return Arrays.stream(ConsolePaths.ALL)
                .anyMatch(pattern ->
                        PathPatternParser.defaultInstance.parse(pattern).matches(example));
    }

    @Test
    void everyPageIsAtAPathThatTheConsolesSecurityProtects() throws ClassNotFoundException {
        assertThat(mapped()).hasSizeGreaterThan(50).contains("/channels", "/channels/{name}/delete");
        Stream<String> open = mapped().stream().filter(path -> !isProtected(path));
        assertThat(open).allMatch(path -> path.startsWith(PROBLEM_PAGES));
    }
}
