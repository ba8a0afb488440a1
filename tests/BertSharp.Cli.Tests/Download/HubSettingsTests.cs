using BertSharp.Cli.Download;

namespace BertSharp.Cli.Tests.Download;

/// <summary>The environment variables of huggingface_hub.</summary>
public sealed class HubSettingsTests
{
    [Fact]
    public void By_default_it_is_the_hub_without_a_token()
    {
        HubSettings settings = Read(("HF_HOME", Workplace.New()));
        Assert.Equal(("https://huggingface.co", null, false, true, TimeSpan.FromSeconds(30)), (settings.Address, settings.Token, settings.Offline, settings.Links, settings.Stall));
    }

    [Fact]
    public void The_variables_are_followed()
    {
        HubSettings settings = Read(("HF_ENDPOINT", "http://mirror:81/hf/"), ("HF_HUB_CACHE", "/c"), ("HF_TOKEN", " hf_a\n"), ("HF_HUB_OFFLINE", "yes"), ("HF_HUB_DISABLE_SYMLINKS", "1"), ("HF_HUB_DOWNLOAD_TIMEOUT", "5"));
        Assert.Equal(("http://mirror:81/hf", Path.GetFullPath("/c"), "hf_a", true, false, TimeSpan.FromSeconds(5)), (settings.Address, settings.Cache, settings.Token, settings.Offline, settings.Links, settings.Stall));
        Assert.True(Read(("TRANSFORMERS_OFFLINE", "TRUE")).Offline);
        Assert.False(Read(("HF_HUB_OFFLINE", "0")).Offline);
    }

    [Fact]
    public void The_token_also_lies_in_a_file()
    {
        string home = Directory.CreateDirectory(Workplace.New()).FullName, other = Path.Combine(home, "other");
        File.WriteAllText(Path.Combine(home, "token"), "hf_home\n");
        File.WriteAllText(other, "hf_other");
        Assert.Equal("hf_home", Read(("HF_HOME", home)).Token);
        Assert.Equal(Path.Combine(home, "hub"), Read(("HF_HOME", home)).Cache);
        Assert.Equal("hf_other", Read(("HF_HOME", home), ("HF_TOKEN_PATH", other)).Token);
        Assert.Equal("hf_old", Read(("HF_HOME", home), ("HUGGING_FACE_HUB_TOKEN", "hf_old")).Token);
        Assert.Equal("hf_new", Read(("HF_HOME", home), ("HUGGING_FACE_HUB_TOKEN", "hf_old"), ("HF_TOKEN", "hf_new")).Token);
    }

    [Theory]
    [InlineData("HF_ENDPOINT", "huggingface.co")]
    [InlineData("HF_ENDPOINT", "ftp://huggingface.co")]
    [InlineData("HF_ENDPOINT", "https://user:secret@huggingface.co")]
    [InlineData("HF_TOKEN", "hf_\u001b[31m")]
    [InlineData("HF_TOKEN", "two words")]
    [InlineData("HF_HUB_DOWNLOAD_TIMEOUT", "0")]
    [InlineData("HF_HUB_DOWNLOAD_TIMEOUT", "soon")]
    public void A_value_that_cannot_be_meant_is_an_error_by_name(string variable, string value)
    {
        CliException error = Assert.Throws<CliException>(() => Read((variable, value)));
        Assert.Contains(variable, error.Message, StringComparison.Ordinal);
        Assert.False(variable == "HF_TOKEN" && error.Message.Contains(value, StringComparison.Ordinal)); // A token is never shown.
    }

    private static HubSettings Read(params (string Name, string Value)[] variables) =>
        HubSettings.FromEnvironment(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
