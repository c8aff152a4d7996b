package openledger.http;

import openledger.http.admin.AdminAccess;

/** Parts of the address space, by the credential that they need. */
public enum Area {
    /** The administrator's. */
    ADMIN(AdminAccess.PATH),
    /** The tenants'. */
    API("/v1"),
    /** Whether the router is up, for everybody; more is for few. */
    HEALTH("/q/health"),
    /** Everybody's: the page, the description of the API, and what is not there. */
    PUBLIC("");

    private final String prefix;

    Area(String prefix) {
        this.prefix = prefix;
    }

    /** The area of an address in its normal form: without {@code ..}, double slashes and needless escapes. */
    public static Area of(String path) {
        for (Area area : values()) {
            boolean inside = path.startsWith(area.prefix)
                    && (path.length() == area.prefix.length() || path.charAt(area.prefix.length()) == '/');
            if (inside) {
                return area;
            }
        }
        return PUBLIC;
    }
}
