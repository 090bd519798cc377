using ExtProc.Configuration;
using ExtProc.Configuration.Binding;
using ExtProc.Configuration.Checks;
using ExtProc.Configuration.Reading;
using ExtProc.Pipeline;
using ExtProc.Telemetry;
using Microsoft.Extensions.Logging;

namespace ExtProc.Hosting;

/// <summary>What a program said of its configuration before the host was built; read once, when the first service wants it.</summary>
internal sealed class ExtProcSetup
{
    /// <summary>The processors that the configuration can name.</summary>
    public ProcessorCatalog Catalog { get; } = new();

    /// <summary>File, environment and flags.</summary>
    public ConfigSources Sources { get; set; } = new(null, new Dictionary<string, string>(), []);

    /// <summary>Changes that code makes after everything else, in order.</summary>
    public List<Func<ExtProcOptions, ExtProcOptions>> Changes { get; } = [];

    /// <summary>Reads and checks everything.</summary>
    /// <exception cref="ConfigException">With all problems.</exception>
    public ExtProcOptions Load(ILogger log)
    {
        ConfigResult read = ConfigReader.Read(Sources, Catalog);
        foreach (var warning in read.Problems.Where(problem => problem.IsWarning))
        {
            log.ConfigWarning($"{warning.At}: {warning.Message}");
        }

        ExtProcOptions options = Changes.Aggregate(read.OrThrow(), (current, change) => change(current));
        ConfigProblems problems = new();
        if (Changes.Count > 0)
        {
            OptionsCheck.Check(options, new ConfigMarks(), problems);
        }

        return problems.HasErrors ? throw new ConfigException(problems.All) : options;
    }
}
