/**
 * The HTTP layer of the API: routes, authentication, parsing and validation of bodies, problem responses. {@link dev.rung.web.ApiServlet} is the
 * entry point.
 *
 * <p>It is a plain servlet instead of a web framework because the intake is measured in microseconds, and because payloads are cut out of the
 * request's bytes unchanged, which message converters do not support.
 */
@NullMarked
package dev.rung.web;

import org.jspecify.annotations.NullMarked;
