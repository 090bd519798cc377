namespace PolicyValidator.Reporting;

/// <summary>A form in which a report is printed.</summary>
public interface IReporter
{
    /// <summary>Prints the report.</summary>
    void Write(LintReport report, TextWriter output);
}
