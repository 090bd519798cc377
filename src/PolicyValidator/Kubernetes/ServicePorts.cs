using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>A Service of the input and its ports.</summary>
internal sealed record ServicePorts(KubernetesObject Object)
{
    /// <summary>The port numbers, as written.</summary>
    public IReadOnlyList<string> Ports => [.. Object.Spec?.ItemsOf("ports").Select(port => port.TextOf("port")).OfType<string>() ?? []];

    /// <summary>Whether it has a port; a reference without one is another rule's.</summary>
    public bool HasPort(KubernetesValue? port) => port is null || Ports.Contains(port.Text);

    /// <summary>The port of a number.</summary>
    public KubernetesValue? PortOf(string? number) => Object.Spec?.ItemsOf("ports").FirstOrDefault(port => port.TextOf("port") == number);
}

/// <summary>Finds the Services that references name.</summary>
internal static class Services
{
    /// <summary>The Service of a backend reference, if it is one and among the inputs.</summary>
    public static IEnumerable<ServicePorts> Named(PolicySet policies, KubernetesObject holder, KubernetesValue backend) =>
        (backend.TextOf("kind") ?? "Service") == "Service" && (backend.TextOf("group") ?? "").Length == 0
            ? policies.ObjectIndex.Named("", "Service", backend.TextOf("namespace") ?? holder.Namespace, backend.TextOf("name")).Select(service => new ServicePorts(service))
            : [];
}
