using System.Text.RegularExpressions;
using PolicyValidator.Rules;

namespace PolicyValidator.Playground;

/// <summary>The target that a text is meant for, as its API groups say.</summary>
internal static partial class TargetOfText
{
    private static readonly (string Group, string Product)[] Products =
    [
        ("gateway.envoyproxy.io/", "Envoy Gateway"),
        ("networking.istio.io/", "Istio"),
        ("gateway.kgateway.dev/", "kgateway"),
        ("agentgateway.dev/", "agentgateway"),
        ("networking.gke.io/", "Google Cloud"),
    ];

    /// <summary>The newest release of the product whose objects come first in the text; the newest Envoy for all other texts.</summary>
    public static Target Choose(string text) =>
        ApiVersion().Matches(text).Select(version => Of(version.Groups[1].Value)).OfType<Target>().FirstOrDefault() ?? Target.Newest;

    private static Target? Of(string apiVersion) => Products.FirstOrDefault(each => apiVersion.StartsWith(each.Group, StringComparison.Ordinal)).Product is { } product
        ? Target.Offered.Single(offered => offered.Product == product).Targets[0]
        : null;

    [GeneratedRegex(@"[""']?apiVersion[""']?\s*:\s*[""']?([\w.-]+/)")]
    private static partial Regex ApiVersion();
}
