using System.Collections;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using ExtProc.Configuration;
using ExtProc.Front;
using ExtProc.Front.Http;
using ExtProc.Tests.Configuration;
using Microsoft.AspNetCore.Http;
using Tests.Shared;

namespace ExtProc.Tests.Front;

/// <summary>The tables of the front's README are what the code has.</summary>
public sealed partial class FrontDocumentsTests
{
    private const string Readme = "src/ExtProc.Front/README.md";

    [Fact]
    public void The_README_lists_every_option_with_its_default()
    {
        StringBuilder table = new("| option | default | meaning |\n|---|---|---|\n");
        ExtProcFilterOptions standard = new();
        foreach (PropertyInfo option in typeof(ExtProcFilterOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            table.Append($"| `{option.Name}` | {Shown(option.GetValue(standard))} | {XmlSummaries.Of(option)} |\n");
        }

        Golden.Section(Readme, "options", table.ToString());
    }

    [Fact]
    public void The_README_lists_every_attribute()
    {
        string[] names = AttributesInCode();

        Golden.Section(Readme, "attributes", $"{string.Join(", ", names.Select(name => $"`{name}`"))}");
    }

    [Fact]
    public void Each_attribute_has_a_value()
    {
        var context = new DefaultHttpContext();
        context.Request.Protocol = "HTTP/1.1";
        context.Connection.RemoteIpAddress = context.Connection.LocalIpAddress = IPAddress.Loopback;
        KeyValuePair<string, string>[] lines =
        [
            .. ((string[])[":path", ":authority", ":scheme", ":method", "user-agent", "referer", "x-request-id"]).Select(name => KeyValuePair.Create(name, "a")),
        ];
        string[] names = AttributesInCode();

        var values = new AttributeValues(context, lines, TimeProvider.System).Of([.. names, "no.such"], responseStatus: 200);

        Assert.Equal(names.Order(), values!.Fields.Keys.Order());
    }

    [Fact]
    public void The_README_names_the_releases_that_are_followed() =>
        Golden.Section(Readme, "releases", $"{string.Join(", ", FollowedReleases.All)}; patches of a minor version are taken for the one that was measured");

    private static string[] AttributesInCode() =>
        [.. Attribute().Matches(File.ReadAllText(Repository.PathOf("src/ExtProc.Front/Http/AttributeValues.cs"))).Select(match => match.Groups["name"].Value)];

    private static string Shown(object? value) => value switch
    {
        null => "",
        TimeSpan time when time == TimeSpan.Zero => "0",
        TimeSpan { TotalSeconds: < 1 } time => $"{time.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)} ms",
        TimeSpan { TotalMinutes: < 1 } time => $"{time.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s",
        TimeSpan time => $"{time.TotalMinutes.ToString(CultureInfo.InvariantCulture)} min",
        int and >= 1 << 20 and var bytes => $"{bytes >> 20} MiB",
        bool yes => yes ? "yes" : "no",
        ProcessingMode => "headers alone",
        MutationRules => "Envoy's",
        ForwardRules => "all",
        IEnumerable and not string => "none",
        _ => value.ToString()!,
    };

    [GeneratedRegex("""^        "(?<name>[a-z]+\.[a-z_]+)" =>""", RegexOptions.Multiline)]
    private static partial Regex Attribute();
}
