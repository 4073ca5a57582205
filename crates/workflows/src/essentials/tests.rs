mod examples;
mod reader;
mod rules;
mod trial;
