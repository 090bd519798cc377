using ExtProc.Configuration.Reading;
using ExtProc.Pipeline;

namespace ExtProc.Hosting;

/// <summary>What a program said of its configuration before the host was built; read when the first service wants it.</summary>
internal sealed class ExtProcSetup
{
    /// <summary>The processors that a configuration can name.</summary>
    public ProcessorCatalog Catalog { get; } = new();

    /// <summary>Each pipeline by its name: how it is configured.</summary>
    public Dictionary<string, PipelineSetup> Pipelines { get; } = new(StringComparer.Ordinal) { [PipelineNames.Default] = new() };

    /// <summary>The pipeline without a name, with what applies to the whole process.</summary>
    public PipelineSetup Default => Pipelines[PipelineNames.Default];

    /// <summary>Whether the process is this server and nothing else, so that its ports are opened unless it is told otherwise.</summary>
    public bool IsProgram { get; set; }

    /// <summary>What the settings of a pipeline may say.</summary>
    public ConfigScope ScopeOf(string pipeline) => pipeline != PipelineNames.Default ? ConfigScope.Pipeline : IsProgram ? ConfigScope.Program : ConfigScope.App;
}
