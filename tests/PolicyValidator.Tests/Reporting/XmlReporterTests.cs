using System.Xml.Linq;

namespace PolicyValidator.Tests.Reporting;

public sealed class XmlReporterTests
{
    [Fact]
    public void Checkstyle_has_a_file_for_each_and_an_error_for_each_finding()
    {
        XElement[] files = [.. XDocument.Parse(ReportExample.Written("checkstyle", ReportExample.Report)).Root!.Elements("file")];
        Assert.Equal(["sub/odd: 100%, naïve.yaml", "clean.yaml"], files.Select(file => file.Attribute("name")!.Value));
        Assert.Equal(["1:4 info", "2:6 error", "4:3 warning"], files[0].Elements("error").Select(error => $"{error.Attribute("line")!.Value}:{error.Attribute("column")!.Value} {error.Attribute("severity")!.Value}"));
        Assert.Equal("policy-validator.EP002", files[0].Elements("error").ElementAt(1).Attribute("source")!.Value);
        Assert.Empty(files[1].Elements());
    }

    [Fact]
    public void Junit_counts_errors_and_warnings_as_failures_and_a_clean_file_as_a_test_that_passed()
    {
        XElement root = XDocument.Parse(ReportExample.Written("junit", ReportExample.Report)).Root!;
        Assert.Equal(("4", "2"), (root.Attribute("tests")!.Value, root.Attribute("failures")!.Value));
        Assert.Equal(["3/2", "1/0"], root.Elements("testsuite").Select(suite => $"{suite.Attribute("tests")!.Value}/{suite.Attribute("failures")!.Value}"));
        Assert.Equal(["error", "warning"], root.Descendants("failure").Select(failure => failure.Attribute("type")!.Value));
        Assert.Contains("worth knowing", Assert.Single(root.Descendants("system-out")).Value, StringComparison.Ordinal);
        Assert.Equal(4, root.Descendants("testcase").Count());
    }

    [Theory, InlineData("checkstyle"), InlineData("junit")]
    public void Characters_that_XML_cannot_hold_become_a_mark(string format) =>
        Assert.Contains("there\uFFFD\uFFFD\uFFFD", ReportExample.Written(format, ReportExample.Report), StringComparison.Ordinal);
}
