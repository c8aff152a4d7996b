package openledger.http.admin;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A resource that needs the administrator's key, never a tenant's. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface AdminOnly {}
