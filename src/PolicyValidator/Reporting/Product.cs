using System.Reflection;
using PolicyValidator.Rules;

namespace PolicyValidator.Reporting;

/// <summary>What reports say of this program itself.</summary>
internal static class Product
{
    /// <summary>The program's name.</summary>
    public const string Name = "policy-validator";

    private const string EnvoyPage = "https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/ext_proc_filter";

    /// <summary>A bare number.</summary>
    public static string Version { get; } =
        typeof(Product).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Where the program's sources are, if it was built with <c>-p:RepositoryUrl=...</c>; else Envoy's page on ext_proc.</summary>
    public static string Home => Repository ?? EnvoyPage;

    /// <summary>The page about a rule.</summary>
    public static string PageOf(Rule rule) => Repository is { } repository
        ? $"{repository}/blob/HEAD/src/PolicyValidator/RULES.md#{rule.Id.ToLowerInvariant()}-{rule.Name}"
        : EnvoyPage;

    private static string? Repository { get; } = typeof(Product).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(each => each.Key == "RepositoryUrl")?.Value?.TrimEnd('/');
}
