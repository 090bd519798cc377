using ExtProc.Configuration;
using ExtProc.Configuration.Reading;

namespace ExtProc.Hosting;

/// <summary>Where the settings of a pipeline come from.</summary>
internal sealed class PipelineSetup
{
    /// <summary>File, environment, flags, the app's own configuration; null while there are none.</summary>
    public ConfigSources? Sources { get; set; }

    /// <summary>Changes that code makes after everything else, in order.</summary>
    public List<Func<ExtProcOptions, ExtProcOptions>> Changes { get; } = [];
}
