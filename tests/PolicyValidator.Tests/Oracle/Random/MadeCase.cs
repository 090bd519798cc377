using System.Text;

namespace PolicyValidator.Tests.Oracle.Random;

/// <summary>A made-up config in its place.</summary>
internal sealed record MadeCase(string Place, string Format, bool InBlock, Piece Config)
{
    public static MadeCase Make(int seed, string format)
    {
        System.Random random = new(seed);
        ConfigMaker maker = new(random);
        bool perRoute = random.Next(4) == 0;
        string place = perRoute ? (random.Next(2) == 0 ? "route" : "vhost") : random.Next(6) == 0 ? "upstream" : "filter";
        return new(place, format, format == "yaml" && random.Next(3) > 0, perRoute ? maker.PerRoute() : maker.Filter());
    }

    /// <summary>The listener around it, as static configuration.</summary>
    public string Listener(int number) => Format == "json"
        ? ListenerSkeleton.Json(Place, number).Replace("\"@CONFIG@\"", Config.InFlow(yaml: false), StringComparison.Ordinal)
        : ListenerSkeleton.Yaml(Place, number, ConfigInYaml);

    /// <summary>The file that Envoy watches.</summary>
    public string DiscoveryResponse(int number) => Format == "json"
        ? $$"""{"version_info": "{{number}}", "resources": [{{Listener(number)}}]}"""
        : $"version_info: \"{number}\"\nresources:\n-\n{Listener(number)}";

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
