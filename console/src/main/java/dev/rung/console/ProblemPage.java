package dev.rung.console;

import dev.rung.web.Problem;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/** The pages of problems that no other page can show: of filters, and of paths that do not exist. */
@Lazy
@Controller
final class ProblemPage {
    private static final String PATH = "/console/problem";
    private static final String PROBLEM = Problem.class.getName();

    private final ProblemMessages problems;

    ProblemPage(ProblemMessages problems) {
        this.problems = problems;
    }

    /** Shows a problem from a filter. */
    static void show(HttpServletRequest request, HttpServletResponse response, Problem problem)
            throws ServletException, IOException {
        request.setAttribute(PROBLEM, problem);
        request.getRequestDispatcher(PATH).forward(request, response);
    }

    @RequestMapping({
        PATH,
        "/console/**",
        "/notifications/**",
        "/orders/**",
        "/merchants/**",
        "/ladders/**",
        "/channels/**",
        "/alerts/**",
        "/keys/**",
        "/resend/**",
        "/payments/**",
        "/discrepancies/**",
        "/approvals/**",
        "/reconciliations/**",
        "/rejected/**",
        "/audit/**"
    })
    ModelAndView show(HttpServletRequest request, HttpServletResponse response, Language language) {
        Problem problem = request.getAttribute(PROBLEM) instanceof Problem given
                ? given
                : Problem.notFound("page_not_found", "Page not found.");
        return problems.page(language, problem, response);
    }
}
