using System.Globalization;
using System.Xml;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Reporting;

/// <summary>
/// For what shows the results of tests: a suite a file, a test a finding. Errors and warnings are failures, a hint is a test that passed
/// and has something to say, and a clean file is one test that passed.
/// </summary>
internal sealed class JunitReporter : IReporter
{
    /// <inheritdoc/>
    public void Write(LintReport report, TextWriter output) => XmlText.Write(output, xml =>
    {
        xml.WriteStartElement("testsuites");
        xml.WriteAttributeString("name", Product.Name);
        WriteCounts(report.Files.SelectMany(file => file.Findings), report.Files.Count(file => file.Findings.Count == 0), xml);
        foreach (FileReport file in report.Files)
        {
            WriteSuite(file, XmlText.Safe(ReportPath.Of(report, file.Source)), xml);
        }

        xml.WriteEndElement();
    });

    private static void WriteSuite(FileReport file, string path, XmlWriter xml)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", path);
        WriteCounts(file.Findings, file.Findings.Count == 0 ? 1 : 0, xml);
        foreach (Finding finding in file.Findings)
        {
            SourcePosition at = finding.Source.PositionAt(finding.Span.Start);
            StartTest($"{finding.Rule.Id} {finding.Rule.Name} at {at.Line}:{at.Column}", path, xml);
            WriteOutcome(finding, $"{path}:{at.Line}:{at.Column}", xml);
            xml.WriteEndElement();
        }

        if (file.Findings.Count == 0)
        {
            StartTest(Product.Name, path, xml);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteCounts(IEnumerable<Finding> findings, int clean, XmlWriter xml)
    {
        Finding[] all = [.. findings];
        xml.WriteAttributeString("tests", Text(all.Length + clean));
        xml.WriteAttributeString("failures", Text(all.Count(Fails)));
        xml.WriteAttributeString("errors", "0");
        xml.WriteAttributeString("time", "0");
    }

    private static void StartTest(string name, string path, XmlWriter xml)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("name", name);
        xml.WriteAttributeString("classname", path);
        xml.WriteAttributeString("time", "0");
    }

    private static void WriteOutcome(Finding finding, string place, XmlWriter xml)
    {
        string words = XmlText.Safe(finding.Message);
        string text = $"{place}: {words}\nwhy: {XmlText.Safe(finding.Why)}\nhelp: {XmlText.Safe(finding.Help)}\n";
        if (Fails(finding))
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("message", words);
            xml.WriteAttributeString("type", SeverityNames.Of(finding.Severity));
            xml.WriteString(text);
            xml.WriteEndElement();
        }
        else
        {
            xml.WriteElementString("system-out", text);
        }
    }

    private static bool Fails(Finding finding) => finding.Severity != Severity.Hint;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
