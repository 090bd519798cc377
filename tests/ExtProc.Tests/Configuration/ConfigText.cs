using ExtProc.Configuration;
using ExtProc.Configuration.Reading;
using ExtProc.Pipeline;

namespace ExtProc.Tests.Configuration;

/// <summary>Reads a configuration from a string, as the server would from <c>extproc.yaml</c>.</summary>
internal static class ConfigText
{
    public static ProcessorCatalog Catalog { get; } = new ProcessorCatalog()
        .Add(ProcessorKind.Of<Nothing, WordOptions>("word"))
        .Add(ProcessorKind.Of<Nothing>("plain"))
        .Add(ProcessorKind.Of<Nothing, EverythingOptions>("everything"));

    public static ConfigResult Read(string yaml, IReadOnlyDictionary<string, string>? environment = null, params ConfigFlag[] flags) =>
        ConfigReader.Read(yaml, new("extproc.yaml", environment ?? new Dictionary<string, string>(), flags), Catalog, new ConfigProblems());

    public static ExtProcOptions Options(string yaml) => Read(yaml).OrThrow();

    public static string Problems(string yaml) => string.Join('\n', Read(yaml).Problems);

    /// <summary>The options of the only step of a pipeline, given without indentation.</summary>
    public static T Only<T>(string options) => (T)Options(Step("everything", options)).Pipeline.Steps.Single().Options!;

    public static string Step(string name, string options) =>
        $"pipeline:\n- name: {name}\n" + string.Concat(options.Split('\n').Select(line => $"  {line}\n"));
}

internal sealed class Nothing : Processor;

internal sealed record WordOptions
{
    public required string Word { get; init; }

    [AllowedRange("1", "10")]
    public int Times { get; init; } = 1;
}
