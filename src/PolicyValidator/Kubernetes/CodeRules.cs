namespace PolicyValidator.Kubernetes;

/// <summary>What the definition of an EnvoyExtensionPolicy says about its other extensions, Lua and Wasm.</summary>
internal static class CodeRules
{
    /// <summary>The rules.</summary>
    public static IReadOnlyList<CrdRule> All { get; } =
    [
        CrdUnion.Of(".spec.wasm[].code", "HTTP", "http"),
        CrdUnion.Of(".spec.wasm[].code", "Image", "image"),
        new(".spec.wasm[].code.image.pullSecretRef", null, null, secret => (secret.TextOf("kind") ?? "Secret") == "Secret" ? null : new(secret["kind"]!, $"a pull secret of the kind {secret["kind"]!.Described}", "write Secret")),
        new(".spec.lua[]", "1.3.0", null, lua => (lua.TextOf("type") ?? "Inline", lua["inline"], lua["valueRef"]) switch
        {
            ("Inline", { }, null) or ("ValueRef", null, { }) => null,
            _ => new(lua, "not exactly the one of 'inline' and 'valueRef' that 'type' names", "set type: Inline with 'inline', or type: ValueRef with 'valueRef'"),
        }),
        new(".spec.lua[].valueRef", "1.3.0", "1.3.0", reference => ConfigMap(reference, "")),
        new(".spec.lua[].valueRef", "1.4.0", null, reference => ConfigMap(reference, "", "v1")),
    ];

    private static CrdViolation? ConfigMap(KubernetesValue reference, params string[] groups) =>
        reference.TextOf("kind") == "ConfigMap" && groups.Contains(reference.TextOf("group") ?? "")
            ? null
            : new(reference, "a reference to something else than a ConfigMap", "write kind: ConfigMap and group: \"\"");
}
