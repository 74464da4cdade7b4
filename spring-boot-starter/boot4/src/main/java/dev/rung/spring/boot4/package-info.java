/** What the starter for Spring Boot 4 adds: the health indicator. */
@NullMarked
package dev.rung.spring.boot4;

import org.jspecify.annotations.NullMarked;
