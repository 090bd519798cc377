using System.Globalization;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Reporting;

/// <summary>For what reads Checkstyle's XML: Jenkins, reviewdog, many editors.</summary>
internal sealed class CheckstyleReporter : IReporter
{
    /// <summary>The version of Checkstyle since which the form has not changed; its readers look for one.</summary>
    private const string FormVersion = "4.3";

    /// <inheritdoc/>
    public void Write(LintReport report, TextWriter output) => XmlText.Write(output, xml =>
    {
        xml.WriteStartElement("checkstyle");
        xml.WriteAttributeString("version", FormVersion);
        foreach (FileReport file in report.Files)
        {
            xml.WriteStartElement("file");
            xml.WriteAttributeString("name", XmlText.Safe(ReportPath.Of(report, file.Source)));
            foreach (Finding finding in file.Findings)
            {
                SourcePosition at = finding.Source.PositionAt(finding.Span.Start);
                xml.WriteStartElement("error");
                xml.WriteAttributeString("line", at.Line.ToString(CultureInfo.InvariantCulture));
                xml.WriteAttributeString("column", at.Column.ToString(CultureInfo.InvariantCulture));
                xml.WriteAttributeString("severity", finding.Severity == Severity.Hint ? "info" : SeverityNames.Of(finding.Severity));
                xml.WriteAttributeString("message", XmlText.Safe($"{finding.Message}; {finding.Help}"));
                xml.WriteAttributeString("source", $"{Product.Name}.{finding.Rule.Id}");
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    });
}
