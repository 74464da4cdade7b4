package dev.rung.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;

/** An authenticated caller: the {@link Caller} is the principal, its role the authority. */
public final class CallerAuthentication extends AbstractAuthenticationToken {
    private static final long serialVersionUID = 1L;

    private final transient Caller caller;

    public CallerAuthentication(Caller caller) {
        super(AuthorityUtils.createAuthorityList("ROLE_" + caller.role().name()));
        this.caller = caller;
        setAuthenticated(true);
    }

    /** The caller of the current request; null if it is unknown. */
    public static @Nullable Caller current() {
        return SecurityContextHolder.getContext().getAuthentication() instanceof CallerAuthentication known
                ? known.getPrincipal()
                : null;
    }

    @Override
    public Caller getPrincipal() {
        return caller;
    }

    /** The key is not kept. */
    @Override
    public Object getCredentials() {
        return List.of();
    }

    @Override
    public String getName() {
        return caller.name();
    }
}
