using System.Text;

namespace PolicyValidator.Tests.Oracle.Random;

/// <summary>A made-up config in its place.</summary>
internal sealed record MadeCase(string Place, string Format, bool InBlock, Piece Config)
{
    private static readonly string[] Places =
        ["filter", "filter", "filter", "filter", "filter", "filter", "http_filter", "http_filter", "http_filters", "route", "route", "vhost", "route_map", "upstream", "upstream_http_filters"];

    /// <summary>The same seed and format make the same.</summary>
    public static MadeCase Make(int seed, string format)
    {
        System.Random random = new(seed);
        string place = Places[random.Next(Places.Length)];
        PlaceMaker maker = new(random, new ConfigMaker(random, isYaml: format == "yaml"));
        return new(place, format, format == "yaml" && random.Next(3) > 0, maker.For(place));
    }

    /// <summary>A filter with a full-duplex body, with or without its trailers.</summary>
    public static MadeCase MakeFullDuplex(int seed, string format)
    {
        System.Random random = new(seed);
        return new("filter", format, format == "yaml" && random.Next(3) > 0, new ConfigMaker(random, isYaml: format == "yaml").FullDuplexFilter());
    }

    /// <summary>Whether ext_proc stands in it, or is what it stands for: other extensions are not judged.</summary>
    public bool IsOfExtProc => Place is "route" or "vhost" || Config.InFlow(yaml: false).Contains("ext_proc.v3.", StringComparison.Ordinal);

    /// <summary>The listener around it, as static configuration.</summary>
    public string Listener(int number) => Format == "json"
        ? ListenerSkeleton.Json(Place, number).Replace("\"@CONFIG@\"", Config.InFlow(yaml: false), StringComparison.Ordinal)
        : ListenerSkeleton.Yaml(Place, number, ConfigInYaml);

    /// <summary>The file that Envoy watches.</summary>
    public string DiscoveryResponse(int number) => ListenerSkeleton.DiscoveryResponse(Format, Listener(number), number);

    /// <summary>The config alone, as text of its format.</summary>
    public string ConfigText()
    {
        StringBuilder text = new();
        if (InBlock)
        {
            Config.WriteBlock(text, 0);
            return text.ToString().TrimStart('\n');
        }

        return Config.InFlow(Format == "yaml");
    }

    private string ConfigInYaml(int indent)
    {
        if (!InBlock)
        {
            return $" {Config.InFlow(yaml: true)}\n";
        }

        StringBuilder text = new();
        Config.WriteBlock(text, indent);
        return text.ToString();
    }
}
