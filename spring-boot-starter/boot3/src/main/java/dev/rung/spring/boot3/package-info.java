/** What the starter for Spring Boot 3 adds: the health indicator. */
@NullMarked
package dev.rung.spring.boot3;

import org.jspecify.annotations.NullMarked;
