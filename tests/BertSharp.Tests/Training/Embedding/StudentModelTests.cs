namespace BertSharp.Tests;

public sealed class StudentModelTests
{
    [Fact]
    public void A_student_with_all_layers_and_nearly_all_dimensions_is_nearly_its_teacher()
    {
        using TinyTask task = new(HeadKind.None);
        using SentenceEmbedder teacher = SentenceEmbedder.Load(task.Folder), student = StudentModel.Create(task.Folder, [0, 1], 35);
        Assert.Equal("electra", student.Model.Config.ModelType);
        foreach (string text in new[] { "hello world", "the fox jumped", "unaffable" })
        {
            Assert.InRange(Similarity.Cosine(teacher.Embed(text), student.Embed(text)), 0.95f, 1f);
        }
    }

    [Fact]
    public void It_takes_the_layers_that_it_is_told()
    {
        using TinyTask task = new(HeadKind.None);
        using SentenceEmbedder teacher = SentenceEmbedder.Load(task.Folder), student = StudentModel.Create(task.Folder, [1], 8);
        Assert.Equal(
            teacher.Model.GetParameter("bert.encoder.layer.1.attention.self.key.weight"),
            student.Model.GetParameter("bert.encoder.layer.0.attention.self.key.weight"));
        Assert.Contains("layers 0 … 1", Assert.Throws<ArgumentException>(() => StudentModel.Create(task.Folder, [2], 8)).Message, StringComparison.Ordinal);
        Assert.Contains("36 dimensions", Assert.Throws<ArgumentException>(() => StudentModel.Create(task.Folder, [0], 36)).Message, StringComparison.Ordinal);
    }
}
