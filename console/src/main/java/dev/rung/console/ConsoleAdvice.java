package dev.rung.console;

import dev.rung.web.Problem;
import dev.rung.web.ProblemAdvice;
import dev.rung.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.UncheckedIOException;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.ModelAndView;

/** Shows exceptions of pages as pages, where the API answers with problem documents. */
@Lazy
@Order(Ordered.HIGHEST_PRECEDENCE)
@ControllerAdvice(basePackageClasses = ConsoleAdvice.class)
final class ConsoleAdvice {
    private final ProblemMessages problems;
    private final PageLayouts layouts;

    ConsoleAdvice(ProblemMessages problems, PageLayouts layouts) {
        this.problems = problems;
        this.layouts = layouts;
    }

    @ExceptionHandler
    ModelAndView problem(ProblemException e, HttpServletRequest request, HttpServletResponse response) {
        return page(e.problem(), request, response);
    }

    /** An id of another form does not exist. */
    @ExceptionHandler(MethodArgumentTypeMismatchException.class)
    ModelAndView notAnId(HttpServletRequest request, HttpServletResponse response) {
        return page(Problem.notFound("page_not_found", "Page not found."), request, response);
    }

    @ExceptionHandler
    ModelAndView other(RuntimeException e, HttpServletRequest request, HttpServletResponse response) {
        Problem problem = e instanceof UncheckedIOException
                ? Problem.incomplete()
                : ProblemAdvice.problemOf(e, request.getMethod() + " " + request.getRequestURI());
        return page(problem, request, response);
    }

    private ModelAndView page(Problem problem, HttpServletRequest request, HttpServletResponse response) {
        ModelAndView page = problems.page(Language.of(request), problem, response);
        layouts.addTo(page, request);
        return page;
    }
}
