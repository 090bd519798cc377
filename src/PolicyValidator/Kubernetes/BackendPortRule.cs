namespace PolicyValidator.Kubernetes;

/// <summary>A rule that all resources share which refer to a Service as the Gateway API does.</summary>
internal static class BackendPortRule
{
    /// <summary>The rule for the references at a path.</summary>
    public static CrdRule At(string path) => new(path, null, null, Check);

    /// <summary>What is wrong with one reference.</summary>
    public static CrdViolation? Check(KubernetesValue backend) =>
        (backend.TextOf("group") ?? "").Length == 0 && (backend.TextOf("kind") ?? "Service") == "Service" && backend["port"] is null
            ? new(backend["name"] ?? backend, "a Service without a port", "add 'port' with the number of one of the Service's ports")
            : null;
}
