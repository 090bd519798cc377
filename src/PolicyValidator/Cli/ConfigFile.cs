using PolicyValidator.Configuration;
using PolicyValidator.Files;
using PolicyValidator.Inputs;
using PolicyValidator.Reporting;

namespace PolicyValidator.Cli;

/// <summary>The configuration file of a run.</summary>
internal static class ConfigFile
{
    /// <summary>No settings are that long.</summary>
    private const int MaxBytes = 1 << 20;

    /// <summary>
    /// The nearest <c>.policy-validator.yaml</c>, from the deepest folder that holds all inputs upward. The search ends at the root of
    /// the checkout, so that a file that lies somewhere above by chance decides nothing.
    /// </summary>
    /// <returns>Its path, or null.</returns>
    public static string? Find(IEnumerable<string> inputs, string? standardInputName)
    {
        string[] folders = [.. inputs.Select(input => FolderOf(input == InputFile.StandardInput ? standardInputName ?? "." : input)).Distinct()];
        for (DirectoryInfo? at = new(folders.Aggregate(Common)); at is not null; at = at.Parent)
        {
            string path = Path.Combine(at.FullName, ConfigSettings.FileName);
            if (File.Exists(path))
            {
                return path;
            }

            if (CheckoutRoot.Holds(at.FullName))
            {
                break;
            }
        }

        return null;
    }

    /// <summary>The arguments that a file stands for, to which those of the command line are added.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isNamed">Whether the command line names it; one that was found must really lie in its checkout.</param>
    /// <exception cref="UsageException">It cannot be read or obeyed.</exception>
    public static LintArguments Read(string path, bool isNamed)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        SourceText source = TextFile.Read(path, isNamed ? "the file of --config" : "the configuration file", MaxBytes, isNamed ? null : Boundary.Around(folder));
        try
        {
            return Arguments(ConfigReader.Read(source), folder);
        }
        catch (ConfigException problem)
        {
            throw new UsageException($"{problem.Place}: {problem.Message}");
        }
    }

    private static LintArguments Arguments(ConfigSettings settings, string folder)
    {
        LintArguments none = new() { Paths = [] };
        return none with
        {
            Target = settings.Target ?? none.Target,
            Format = settings.Format ?? none.Format,
            FailOn = settings.FailOn ?? none.FailOn,
            Selected = settings.Select ?? none.Selected,
            Ignored = settings.Ignore ?? none.Ignored,
            Severities = settings.Severities,
            PathIgnores = [.. settings.PathIgnores.Select(each => (new PathGlobs(folder, each.Paths), each))],
            Include = settings.Include is { } include ? new(folder, include) : none.Include,
            Exclude = settings.Exclude is { } exclude ? new(folder, exclude) : none.Exclude,
            ForceExclude = settings.ForceExclude ?? none.ForceExclude,
            BaselineWithin = Boundary.Around(folder),
            Baseline = settings.Baseline is { } baseline ? ReportPath.Of(Environment.CurrentDirectory, Path.Combine(folder, baseline)) : none.Baseline,
            MaxFileBytes = settings.MaxFileBytes ?? none.MaxFileBytes,
            MaxTotalBytes = settings.MaxTotalBytes ?? none.MaxTotalBytes,
            MaxFindings = settings.MaxFindings ?? none.MaxFindings,
            MaxSeconds = settings.MaxSeconds ?? none.MaxSeconds,
        };
    }

    private static string FolderOf(string input)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(input));
        return Directory.Exists(full) ? full : Path.GetDirectoryName(full) ?? full;
    }

    /// <summary>The deepest folder that holds both.</summary>
    private static string Common(string one, string other)
    {
        while (other != one && !other.StartsWith(Path.TrimEndingDirectorySeparator(one) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            one = Path.GetDirectoryName(one) ?? one;
        }

        return one;
    }
}
